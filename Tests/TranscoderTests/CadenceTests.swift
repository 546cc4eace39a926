import AV
import TestSupport
import Testing

@testable import Transcoder

@Suite struct CadenceTests {
    private func cadence(_ numerator: Int, _ denominator: Int = 1) -> Cadence {
        Cadence(source: Rational(numerator, denominator))
    }

    @Test func usualRatesStayAsTheyAre() {
        for (numerator, denominator) in [(24_000, 1001), (25, 1), (30_000, 1001), (30, 1), (50, 1), (60_000, 1001), (60, 1)] {
            #expect(cadence(numerator, denominator).rate == Rational(numerator, denominator))
        }
        #expect(cadence(29_9701, 10_000).rate == Rational(30_000, 1001))
        #expect(cadence(14_3, 10).rate == Rational(14, 1))
        #expect(Cadence(source: nil).rate == Rational(30, 1))
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

    @Test func ticksOfAnotherClockHitTheirSlots() {
        let cadence = cadence(30_000, 1001)
        for slot in 0..<10_000 {
            let milliseconds = (cadence.seconds(slot) * 1000).rounded()
            #expect(cadence.slot(at: milliseconds / 1000) == slot)
        }
    }
}
