import AV

/// The one constant rate at which a video's pictures are shown, and the grid of key frames and segments on it.
///
/// Every rendition has the same grid, also one that shows only each `calmStep`-th picture: it is counted in the pictures of the
/// slowest. So a second group of pictures at 29.97 begins at 2.002 s, in every rendition.
struct Cadence: Sendable, Hashable, Codable {
    /// Pictures a second, at most 60.
    let rate: Rational
    /// What makes it at most 30.
    let calmStep: Int
    /// Pictures from one key frame to the next: about two seconds.
    let keyInterval: Int

    static let keysInSegment = 3
    var segmentLength: Int { keyInterval * Self.keysInSegment }

    /// Seconds from one picture to the next.
    var slotSeconds: Rational { Rational(rate.denominator, rate.numerator) ?? .one }

    /// Seconds of a whole segment: about six.
    var segmentSeconds: Double { Double(segmentLength) / rate.value }

    /// - Parameter source: the mean rate of the source; where nobody knows it, 30.
    init(source: Rational?) {
        let own = Self.standard(source ?? Self.thirty)
        let divisor = max(1, Int((own.value / 60).rounded(.up)))
        rate = Rational(own.numerator, own.denominator * divisor) ?? Self.thirty
        calmStep = max(1, Int((rate.value / 30).rounded(.up)))
        keyInterval = calmStep * max(1, Int((rate.value * 2 / Double(calmStep)).rounded()))
    }

    private static let thirty = Rational(30, 1) ?? .one

    private static let standards = [
        (24_000, 1001), (24, 1), (25, 1), (30_000, 1001), (30, 1), (48_000, 1001), (48, 1), (50, 1), (60_000, 1001), (60, 1),
        (120_000, 1001), (120, 1), (240_000, 1001), (240, 1), (15, 1), (12, 1), (10, 1), (25, 2), (15_000, 1001),
    ].compactMap { Rational($0.0, $0.1) }

    /// The nearest usual rate when it is as near as clocks are wrong, else whole pictures a second, at least one.
    private static func standard(_ rate: Rational) -> Rational {
        let distance = { (other: Rational) in abs(other.value / rate.value - 1) }
        let nearest = standards.min { distance($0) < distance($1) }
        if let nearest, distance(nearest) < 0.005 { return nearest }
        return Rational(max(1, min(1000, Int(rate.value))), 1) ?? thirty
    }

    /// The first picture at or behind a time, in seconds.
    func slot(at seconds: Double) -> Int { Int((seconds * rate.value).rounded()) }
    func seconds(_ slot: Int) -> Double { Double(slot) / rate.value }
}
