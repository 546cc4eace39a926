import AV

/// The clock that all streams of one file go by. It may jump, as in broadcasts.
struct FileClock: Sendable {
    /// Seconds that are added to what it shows.
    fileprivate(set) var offset: Double
    /// Where the packet ends that came last, in seconds from the media's start.
    private(set) var position = 0.0

    /// - Parameter start: what it shows at the media's start, in seconds.
    init(start: Double) { offset = start.isFinite ? -start : 0 }

    fileprivate mutating func advance(to end: Double) { position = end }
}

/// Makes the times of one stream's packets steady: they count from the start of the media, and a jump of the clock leaves no gap.
///
/// A pause of one stream alone is no jump, and all streams follow a jump by the same time: so they stay together.
struct Timeline: Sendable {
    private let tick: Double
    /// Seconds.
    private let forwards: Double
    private let backwards: Double
    /// Seconds that are added to its times; other than the clock's where that has jumped and this stream has not come there.
    private var offset: Double
    private var expected: Double?

    /// - Parameters:
    ///   - tick: seconds.
    ///   - maxGap: seconds; a larger one forwards is a jump of the clock. Backwards it is a tenth, at most ten seconds: packets of
    ///     one stream are in the order of their decoding.
    init(tick: Double, maxGap: Double = 10) {
        self.tick = tick
        forwards = maxGap
        backwards = min(10, maxGap / 10)
        offset = 0
    }

    /// How far a packet's timestamps must be moved, in ticks.
    /// - Parameter time: when it is decoded, in ticks, or else shown.
    mutating func shift(time: Int64?, duration: Int64, by clock: inout FileClock) -> Int64 {
        if expected == nil { offset = clock.offset }
        guard let time else { return ticks }
        let shown = Double(time) * tick
        if let expected, isJump(shown + offset - expected), isJump(shown + offset - clock.position) {
            if isJump(shown + clock.offset - clock.position) {
                clock.offset = (isJump(expected - clock.position) ? clock.position : max(expected, clock.position)) - shown
            }
            offset = clock.offset
        }
        let end = shown + offset + max(0, min(Double(duration) * tick, forwards))
        expected = end
        clock.advance(to: end)
        return ticks
    }

    private func isJump(_ seconds: Double) -> Bool { seconds > forwards || seconds < -backwards }

    private var ticks: Int64 { Int64(clampingRounded: offset / tick) }
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
