/// A part of a playlist whose bit rate counts.
struct Piece: Sendable, Hashable {
    let bytes: Int
    let seconds: Double
}

/// Bits a second as playlists declare them.
struct BitRate: Sendable, Hashable {
    var peak: Double
    var average: Double

    /// Whole bits, rounded up.
    var declaredPeak: Int { Decimals.whole(peak.rounded(.up)) }
    var declaredAverage: Int { Decimals.whole(average.rounded(.up)) }

    static let zero = BitRate(peak: 0, average: 0)

    static func + (a: BitRate, b: BitRate) -> BitRate { BitRate(peak: a.peak + b.peak, average: a.average + b.average) }

    static func largest(of rates: [BitRate]) -> BitRate {
        BitRate(peak: rates.map(\.peak).max() ?? 0, average: rates.map(\.average).max() ?? 0)
    }
}

extension BitRate {
    /// - Parameter target: the playlist's target duration in seconds.
    ///
    /// The peak is the largest bit rate of any pieces one behind the other that last from half to one and a half times the
    /// target duration; of a playlist that is shorter, its own. Source: RFC 8216, 4.1.
    init(_ pieces: [Piece], target: Int) {
        average = Self.rate(pieces[...])
        let windows = pieces.indices.compactMap { Self.peak(from: pieces[$0...], target: Double(target)) }
        peak = windows.max() ?? average
    }

    /// More pieces are not looked at together, even where they last no time at all.
    private static let maxWindow = 256

    private static func peak(from pieces: ArraySlice<Piece>, target: Double) -> Double? {
        var (bytes, seconds, peak) = (0, 0.0, Double?.none)
        for piece in pieces.prefix(maxWindow) {
            bytes += piece.bytes
            seconds += piece.seconds
            // A thousandth more: lengths are rounded in playlists.
            if seconds > 1.5 * target + 0.001 { break }
            if seconds >= 0.5 * target - 0.001 { peak = max(peak ?? 0, rate(bytes, seconds)) }
        }
        return peak
    }

    private static func rate(_ pieces: ArraySlice<Piece>) -> Double {
        rate(pieces.reduce(0) { $0 + $1.bytes }, pieces.reduce(0) { $0 + $1.seconds })
    }

    private static func rate(_ bytes: Int, _ seconds: Double) -> Double { seconds > 0 ? Double(bytes) * 8 / seconds : 0 }
}
