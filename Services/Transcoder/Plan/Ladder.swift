import AV

/// Which renditions are made of a video.
///
/// Source of the numbers: Apple's HLS authoring specification for Apple devices, table of H.264 variants. They are for 16:9;
/// what else a picture's shape may be, it gets the bit rate of its number of pixels.
struct Ladder: Sendable, Hashable, Codable {
    /// The short sides that renditions may have, in pixels. The largest that the source has is made in any case.
    var sides = [1080, 720, 432, 234]
    var encoders: [VideoEncoder] = [.x264]

    /// A video as it is displayed.
    struct Source: Sendable, Hashable {
        /// Pixels, square ones, turned as they are shown.
        var width: Int
        var height: Int
        /// Bits a second, where known.
        var bitRate: Int?
    }

    /// Pixels of the longest side, and of the whole picture: what players must be able to decode, at 60 frames a second as well
    /// (level 5.2; ITU-T H.264, table A-1).
    static let maxSide = 4096
    static let maxPixels = 3840 * 2160

    /// From the largest to the smallest; none is larger than the source, in pixels or in bits.
    func rungs(for source: Source, cadence: Cadence) -> [Rung] {
        let own = min(source.width, source.height)
        let top = max(1, min(own, sides.max() ?? own, Self.largestSide(of: source)))
        let below = sides.filter { $0 * 20 <= top * 17 }.sorted(by: >)
        return ([top] + below).flatMap { side in
            let rungs = encoders.map { rung(side: side, $0, source, cadence) }.filter(\.isLargeEnough)
            return rungs.isEmpty ? [rung(side: side, .x264, source, cadence)] : rungs
        }
    }

    /// The largest short side of a picture of this shape.
    private static func largestSide(of source: Source) -> Int {
        let shape = Double(min(source.width, source.height)) / Double(max(source.width, source.height))
        return Int(min(Double(maxSide) * shape, power(Double(maxPixels) * shape, 0.5)))
    }

    private func rung(side: Int, _ encoder: VideoEncoder, _ source: Source, _ cadence: Cadence) -> Rung {
        let short = max(2, side & ~1)
        let (long, limit) = (max(source.width, source.height), min(source.width, source.height))
        let fitting = Int((Double(short) * Double(long) / Double(limit) / 2).rounded()) * 2
        let wide = max(2, min(fitting, max(2, long & ~1), Self.maxSide))
        let (width, height) = source.width >= source.height ? (wide, short) : (short, wide)
        let step = short <= Self.calmSide ? cadence.calmStep : 1
        let rate = Self.bitRate(pixels: width * height, encoder)
        let cap = source.bitRate.map { Self.share(of: $0, width * height, source) } ?? rate
        return Rung(encoder: encoder, width: width, height: height, step: step, maxBitRate: max(Self.floor, min(rate, cap)))
    }

    /// Up to here no more than 30 frames a second.
    private static let calmSide = 432
    /// Below it no encoder keeps to a limit.
    private static let floor = 24_000

    /// A smaller picture needs a smaller part of the source's bits, though more for each pixel.
    private static func share(of bitRate: Int, _ pixels: Int, _ source: Source) -> Int {
        let part = Double(pixels) / Double(source.width * source.height)
        return Int(Double(bitRate) * power(min(1, part), 0.75))
    }

    private static let table: [(pixels: Double, bits: Double)] = [
        (416 * 234, 145_000), (640 * 360, 365_000), (768 * 432, 1_100_000), (960 * 540, 2_000_000), (1280 * 720, 4_500_000),
        (1920 * 1080, 7_800_000), (2560 * 1440, 12_000_000), (3840 * 2160, 20_000_000),
    ]

    /// Between two rows, and outside of all, by the pixels' share.
    static func bitRate(pixels: Int, _ encoder: VideoEncoder) -> Int {
        let count = Double(pixels)
        let above = max(1, min(table.count - 1, table.firstIndex { $0.pixels >= count } ?? table.count - 1))
        let (low, high) = (table[above - 1], table[above])
        let bits =
            count < low.pixels || count > high.pixels
            ? (count < low.pixels ? low : high).bits * count / (count < low.pixels ? low : high).pixels
            : low.bits + (high.bits - low.bits) * (count - low.pixels) / (high.pixels - low.pixels)
        return Int(bits * encoder.thrift)
    }
}

extension Rung {
    /// Source: SVT-AV1 refuses sides of less than 64 pixels.
    fileprivate var isLargeEnough: Bool { encoder != .svtAV1 || min(width, height) >= 64 }
}

extension VideoEncoder {
    /// The share of H.264's bits that gives about the same look.
    var thrift: Double {
        switch self {
        case .x264, .nvencH264: 1
        case .x265: 0.6
        case .svtAV1: 0.5
        }
    }
}
