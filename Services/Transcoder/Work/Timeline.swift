import AV

/// Makes the times of one stream's packets steady: they count from the start of the media, and a jump of the clock, as broadcasts
/// have them, leaves no gap.
struct Timeline: Sendable {
    /// Ticks that are added to each timestamp.
    private var offset: Int64
    private let threshold: Int64
    private var expected: Int64?

    /// - Parameters:
    ///   - tick: seconds.
    ///   - start: of the media, in seconds.
    ///   - maxGap: seconds; a larger one forwards is a jump of the clock. Backwards, ten seconds are.
    init(tick: Double, start: Double, maxGap: Double = 10) {
        offset = Int64(clampingRounded: -start / tick)
        threshold = max(1, Int64(clampingRounded: min(maxGap, 1e9) / tick))
        back = max(1, Int64(clampingRounded: 10 / tick))
    }

    private let back: Int64

    /// How far a packet's timestamps must be moved.
    /// - Parameters:
    ///   - time: when it is decoded, in ticks, or else shown.
    mutating func shift(time: Int64?, duration: Int64) -> Int64 {
        guard let time else { return offset }
        var steady = time.addingReportingOverflow(offset).partialValue
        if let expected {
            let jump = steady.subtractingReportingOverflow(expected).partialValue
            if jump > threshold || jump < -back {
                offset = offset.subtractingReportingOverflow(jump).partialValue
                steady = expected
            }
        }
        expected = steady.addingReportingOverflow(max(0, min(duration, threshold))).partialValue
        return offset
    }
}

extension Int64 {
    /// The nearest whole number; the largest or smallest where there is none.
    init(clampingRounded value: Double) {
        guard value.isFinite else {
            self = 0
            return
        }
        self = value >= 9.2e18 ? .max : value <= -9.2e18 ? .min : Int64(value.rounded())
    }
}
