import Testing

@testable import Streaming

/// The definitions of RFC 8216, 4.1, by hand.
@Suite struct BitRateTests {
    private static func pieces(_ list: (Int, Double)...) -> [Piece] { list.map { Piece(bytes: $0, seconds: $1) } }

    @Test func onePieceOfTheTargetsLengthCountsAlone() {
        let rate = BitRate(Self.pieces((6000, 6), (12000, 6), (3000, 6)), target: 6)
        #expect(rate == BitRate(peak: 16000, average: 9333.333333333334))
    }

    /// A short last segment is too short to count alone, and counts with the one before.
    @Test func piecesBelowHalfTheTargetCountTogether() {
        let rate = BitRate(Self.pieces((6000, 6), (6000, 6), (5000, 1)), target: 6)
        #expect(rate.peak == 11000 * 8 / 7.0)
    }

    /// Of three pieces of 4 s and a target of 6 s two are within 3 to 9 s, three are not.
    @Test func noMoreThanOneAndAHalfTargetsCountTogether() {
        let rate = BitRate(Self.pieces((4000, 4), (4000, 4), (400, 4)), target: 6)
        #expect(rate.peak == 8000)
        #expect(BitRate(Self.pieces((1000, 2), (9000, 2), (1000, 2), (1000, 2)), target: 6).peak == 20000)
    }

    @Test func whatIsShorterThanHalfTheTargetHasItsOwn() {
        #expect(BitRate(Self.pieces((1000, 1)), target: 6) == BitRate(peak: 8000, average: 8000))
        #expect(BitRate([], target: 6) == .zero)
        #expect(BitRate(Self.pieces((1000, 0), (1000, 0)), target: 6) == .zero)
    }

    @Test func combinationsAddUp() {
        let (a, b) = (BitRate(peak: 10, average: 4), BitRate(peak: 8, average: 6))
        #expect(BitRate.largest(of: [a, b]) == BitRate(peak: 10, average: 6))
        #expect(a + b == BitRate(peak: 18, average: 10))
    }

    @Test(arguments: [
        (1.0, 6, "1.000000"), (0.0333333, 6, "0.033333"), (29.97002997, 3, "29.970"), (5.9999996, 6, "6.000000"), (7.5, 0, "8"),
        (-0.25, 2, "-0.25"), (.infinity, 1, "10000000000000000.0"),
    ])
    func numbersAreWrittenExactly(value: Double, digits: Int, text: String) {
        #expect(Decimals.text(value, digits: digits) == text)
    }

    @Test(arguments: [(6, "6"), (6.5, "6.5"), (0, "0"), (10, "10"), (13.021333, "13.021333")])
    func shortNumbersHaveNoZeros(value: Double, text: String) { #expect(Decimals.short(value, digits: 6) == text) }
}
