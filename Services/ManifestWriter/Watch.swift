import FoundationEssentials

/// Since when the deadlines have been watched without a longer gap.
struct Watch {
    private(set) var since = Date()
    private var lastSeen: Date?
    private let tolerance: Duration

    /// - Parameter tolerance: a gap between two good looks that still counts as watching.
    init(tolerating tolerance: Duration) { self.tolerance = tolerance }

    /// Begins anew when the last good look is too long ago.
    mutating func look(at now: Date) {
        guard let lastSeen, now.timeIntervalSince(lastSeen) > tolerance / .seconds(1) else { return }
        since = now
        self.lastSeen = nil
    }

    mutating func seen(at now: Date) { lastSeen = now }
}
