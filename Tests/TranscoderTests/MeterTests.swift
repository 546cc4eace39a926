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
}
