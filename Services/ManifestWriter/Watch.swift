import FoundationEssentials

/// Since when the deadlines have been watched without a longer gap.
struct Watch {
    private(set) var since: Date
    private var lastSeen: Date
    private let tolerance: Duration

    /// - Parameter tolerance: a gap between two good looks that still counts as watching.
    init(tolerating tolerance: Duration, from start: Date = Date()) {
        self.tolerance = tolerance
        (since, lastSeen) = (start, start)
    }

    /// Begins anew when the last good look is too long ago, and with every look that follows until one is good.
    mutating func look(at now: Date) {
        if now.timeIntervalSince(lastSeen) > tolerance / .seconds(1) { since = now }
    }

    mutating func seen(at now: Date) { lastSeen = now }
}
