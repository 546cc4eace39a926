import AV
import TestSupport
import Testing

@testable import Transcoder

@Suite struct CadenceTests {
    private func cadence(_ numerator: Int, _ denominator: Int = 1) -> Cadence {
        Cadence(Rational(numerator, denominator))
    }

    @Test func usualRatesStayAsTheyAre() {
        for (numerator, denominator) in [(24_000, 1001), (25, 1), (30_000, 1001), (30, 1), (50, 1), (60_000, 1001), (60, 1)] {
            #expect(cadence(numerator, denominator).rate == Rational(numerator, denominator))
        }
        #expect(cadence(29_9701, 10_000).rate == Rational(30_000, 1001))
        #expect(cadence(14_3, 10).rate == Rational(14, 1))
        // Phones.
        #expect(cadence(29_8, 10).rate == Rational(30_000, 1001) && cadence(59_6, 10).rate.value > 59.9)
        #expect(Cadence(nil).rate == Rational(30, 1))
    }

    @Test func fastOnesAreDivided() {
        #expect(cadence(240).rate.value == 60)
        #expect(cadence(120_000, 1001).rate.value == 60_000.0 / 1001)
        #expect(cadence(90).rate.value == 45)
        #expect(cadence(50).calmStep == 2 && cadence(45).calmStep == 2 && cadence(25).calmStep == 1)
    }

    @Test(arguments: 1...60) func theGridIsAboutTwoAndSixSeconds(_ rate: Int) {
        let cadence = cadence(rate)
        #expect(abs(cadence.seconds(cadence.keyInterval) - 2) < 0.15 || rate < 5)
        #expect(cadence.rate.value <= Double(rate))
        #expect(cadence.segmentLength == cadence.keyInterval * 3)
    }

    /// As the rules `segment-length` and `iframe-interval` have it.
    @Test func everyRateMakesSegmentsThatTheRulesTake() {
        let usual = [
            (25, 2), (24_000, 1001), (30_000, 1001), (60_000, 1001), (120_000, 1001), (15_000, 1001), (121, 2), (235, 2),
        ]
        for (numerator, denominator) in (1...1000).map({ ($0, 1) }) + usual {
            let cadence = cadence(numerator, denominator)
            let (frame, step) = (cadence.seconds(1), cadence.seconds(cadence.trickStep))
            #expect(abs(cadence.segmentSeconds - 6) <= frame + 0.001, "\(numerator)/\(denominator)")
            #expect(step <= max(1.5, frame), "\(numerator)/\(denominator)")
            #expect(cadence.keyInterval.isMultiple(of: cadence.trickStep) && cadence.keyInterval.isMultiple(of: cadence.calmStep))
            #expect(cadence.rate.value <= Double(numerator) / Double(denominator) * 1.02)
        }
    }

    @Test func ticksOfAnotherClockHitTheirSlots() {
        let cadence = cadence(30_000, 1001)
        for slot in 0..<10_000 {
            let milliseconds = (cadence.seconds(slot) * 1000).rounded()
            #expect(cadence.slot(at: milliseconds / 1000) == slot)
        }
    }
}
