import Testing

@testable import Transcoder

@Suite struct MeterTests {
    @Test func itRisesFromPassToPass() {
        var meter = Meter([1, 3], 10)
        #expect(meter.progress(pass: 0, seconds: 5) == 0.125)
        #expect(meter.progress(pass: 0, seconds: 5.001) == nil)
        #expect(meter.progress(pass: 0, seconds: 4) == nil)
        #expect(meter.progress(pass: 0, seconds: 99) == 0.25)
        #expect(meter.progress(pass: 1, seconds: 5) == 0.625)
        #expect(meter.progress(pass: 1, seconds: .infinity) == 0.999)
    }

    @Test func aDurationMayBecomeKnown() {
        var meter = Meter([1, 1], nil)
        #expect(meter.progress(pass: 0, seconds: 360) == 0.05)
        meter.duration = 400
        #expect(meter.progress(pass: 1, seconds: 200) == 0.75)
    }
}
