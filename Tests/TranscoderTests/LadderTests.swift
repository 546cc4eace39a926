import AV
import TestSupport
import Testing

@testable import Transcoder

@Suite struct LadderTests {
    private func rungs(_ width: Int, _ height: Int, bitRate: Int? = nil, rate: (Int, Int) = (30, 1)) -> [Rung] {
        let cadence = Cadence(Rational(rate.0, rate.1))
        return Ladder().rungs(for: Ladder.Source(width: width, height: height, bitRate: bitRate), cadence: cadence)
    }

    private func sizes(_ rungs: [Rung]) -> [String] { rungs.map { "\($0.width)x\($0.height)" } }

    @Test func theUsualShapes() {
        #expect(sizes(rungs(1920, 1080)) == ["1920x1080", "1280x720", "768x432", "416x234"])
        #expect(sizes(rungs(1080, 1920)) == ["1080x1920", "720x1280", "432x768", "234x416"])
        #expect(sizes(rungs(1000, 1000)) == ["1000x1000", "720x720", "432x432", "234x234"])
        #expect(sizes(rungs(3840, 2160)).first == "1920x1080")
        #expect(sizes(rungs(641, 359)) == ["640x358", "418x234"])
        #expect(sizes(rungs(2, 2)) == ["2x2"])
        #expect(sizes(rungs(16_384, 1024)) == ["4096x256"])
        #expect(sizes(rungs(400, 8000)) == ["204x4080"])
        #expect(sizes(rungs(16_000, 2)) == ["4096x2"])
        #expect(sizes(rungs(1, 1)) == ["2x2"])
    }

    @Test func applesNumbers() {
        #expect(rungs(1920, 1080).map(\.maxBitRate) == [7_800_000, 4_500_000, 1_100_000, 145_000])
        #expect(rungs(1920, 1080, rate: (60, 1)).map(\.step) == [1, 1, 2, 2])
        #expect(rungs(1920, 1080, rate: (30, 1)).map(\.step) == [1, 1, 1, 1])
    }

    @Test func whatIsTooSmallForAnEncoderIsMadeByAnother() {
        let source = Ladder.Source(width: 160, height: 62)
        for encoders in [[VideoEncoder.svtAV1], [.x264, .svtAV1]] {
            #expect(Ladder(encoders: encoders).rungs(for: source, cadence: Cadence(nil)).map(\.encoder) == [.x264])
        }
    }

    /// Whatever the source is: nothing larger, faster or heavier is made of it, and its shape stays.
    @Test(arguments: 1...40) func promises(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let source = Ladder.Source(
                width: .random(in: 2...5000, using: &random), height: .random(in: 2...5000, using: &random),
                bitRate: Bool.random(using: &random) ? .random(in: 30_000...50_000_000, using: &random) : nil)
            let cadence = Cadence(
                Rational(.random(in: 1...300_000, using: &random), .random(in: 1000...1002, using: &random)))
            var ladder = Ladder()
            if Bool.random(using: &random) { ladder.sides.append(2160) }
            if Bool.random(using: &random) { ladder.encoders = [.x264, .svtAV1] }
            let rungs = ladder.rungs(for: source, cadence: cadence)
            #expect(!rungs.isEmpty && Set(rungs.map(\.name)).count == rungs.count)
            for rung in rungs { expectPromises(rung, source, cadence) }
        }
    }

    private func expectPromises(_ rung: Rung, _ source: Ladder.Source, _ cadence: Cadence) {
        #expect(
            rung.width <= source.width && rung.height <= source.height && rung.width >= 2 && rung.height >= 2, "\(rung) \(source)"
        )
        #expect(max(rung.width, rung.height) <= Ladder.maxSide && rung.pixels <= Ladder.maxPixels + 2 * Ladder.maxSide)
        #expect(rung.width.isMultiple(of: 2) && rung.height.isMultiple(of: 2))
        let (long, short) = (max(source.width, source.height), min(source.width, source.height))
        let wanted = Double(min(rung.width, rung.height)) * Double(long) / Double(short)
        #expect(abs(Double(max(rung.width, rung.height)) - wanted) <= 2.0 * Double(long) / Double(short) + 1, "\(rung) \(source)")
        if let bitRate = source.bitRate { #expect(rung.maxBitRate <= bitRate) }
        let rate = cadence.rate.value / Double(rung.step)
        #expect(rate <= (rung.shortSide <= 432 ? 30.01 : 60.01))
        #expect(cadence.keyInterval.isMultiple(of: rung.step))
    }
}
