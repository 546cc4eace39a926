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

    /// Pictures from one I-frame to the next where a player is wound: about a second at most, a whole number of times between key frames.
    var trickStep: Int {
        (1...keyInterval).last { keyInterval.isMultiple(of: $0) && Double($0) / rate.value <= 1.05 } ?? 1
    }

    var segmentLength: Int { keyInterval * Self.keysInSegment }

    /// Seconds from one picture to the next.
    var slotSeconds: Rational { Rational(rate.denominator, rate.numerator) ?? .one }

    /// Seconds of a whole segment: about six.
    var segmentSeconds: Double { Double(segmentLength) / rate.value }

    /// - Parameters:
    ///   - declared: the mean rate by the source's own account; where nobody knows it, 30.
    ///   - measured: how its pictures follow each other. Where that is another rate, as in a recording of a screen that stands still
    ///     most of the time, it is what is seen when something moves.
    init(_ declared: Rational?, measured: MeasuredRate? = nil) {
        let rate = measured.flatMap { measured in
            abs((declared?.value ?? 0) / measured.movingFramesPerSecond - 1) < Self.tolerance
                ? declared : Rational(Int((measured.movingFramesPerSecond * 1000).rounded()), 1000)
        }
        self.init(
            own: Self.standard(
                rate ?? declared ?? Self.thirty, within: measured?.isVariable == true ? Self.jitter : Self.tolerance))
    }

    private init(own: Rational) {
        let divisor = max(1, Int((own.value / 60).rounded(.up)))
        // Whole pictures a second, of whole ones: or segments would miss their six seconds by more than a picture.
        let isWhole = own.denominator == 1
        rate =
            (isWhole ? Rational(own.numerator / divisor, 1) : Rational(own.numerator, own.denominator * divisor)) ?? Self.thirty
        calmStep = max(1, Int((rate.value / 30).rounded(.up)))
        keyInterval = calmStep * max(1, Int((rate.value * 2 / Double(calmStep)).rounded()))
    }

    private static let thirty = Rational(30, 1) ?? .one

    private static let standards = [
        (24_000, 1001), (24, 1), (25, 1), (30_000, 1001), (30, 1), (48_000, 1001), (48, 1), (50, 1), (60_000, 1001), (60, 1),
        (120_000, 1001), (120, 1), (240_000, 1001), (240, 1), (15, 1), (12, 1), (10, 1), (25, 2), (15_000, 1001),
    ].compactMap { Rational($0.0, $0.1) }

    /// As far as clocks are wrong.
    private static let tolerance = 0.02
    /// As far as pictures of a camera that is not steady come too early or too late.
    private static let jitter = 0.15

    /// The nearest usual rate when it is near, else whole pictures a second, at least one. Who has those keeps them.
    private static func standard(_ rate: Rational, within tolerance: Double) -> Rational {
        let whole = rate.value.rounded()
        if tolerance < jitter, abs(rate.value - whole) < 1e-4, (1...1000).contains(whole) {
            return Rational(Int(whole), 1) ?? thirty
        }
        let distance = { (other: Rational) in abs(other.value / rate.value - 1) }
        let nearest = standards.min { distance($0) < distance($1) }
        if let nearest, distance(nearest) < tolerance { return nearest }
        return Rational(max(1, min(1000, Int(rate.value))), 1) ?? thirty
    }

    /// The first picture at or behind a time, in seconds.
    func slot(at seconds: Double) -> Int { Int((seconds * rate.value).rounded()) }
    func seconds(_ slot: Int) -> Double { Double(slot) / rate.value }
}
