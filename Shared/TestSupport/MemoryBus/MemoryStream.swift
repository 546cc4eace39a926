import Messaging

/// A stream or retry stream in memory, with its groups.
struct MemoryStream {
    struct Entry {
        let id: Int
        let payload: String
        let attempt: Int
        let waits: Int
        let lane: Int
    }

    struct Pending {
        var consumer: Int
        let handedOut: ContinuousClock.Instant
        var since: ContinuousClock.Instant
        var deliveries: Int
    }

    struct Membership {
        var lastDelivered = 0
        var pending: [Int: Pending] = [:]
    }

    private(set) var entries: [Entry] = []
    private var lastID = 0
    /// The groups that must acknowledge an entry before it goes, by name.
    var groups: [String: Membership]

    init(groups: [String]) { self.groups = Dictionary(uniqueKeysWithValues: groups.map { ($0, Membership()) }) }

    mutating func append(_ payload: String, attempt: Int, waits: Int = 0, lane: Int) {
        lastID += 1
        entries.append(Entry(id: lastID, payload: payload, attempt: attempt, waits: waits, lane: lane))
    }

    func entry(_ id: Int) -> Entry? { entries.first { $0.id == id } }

    func owner(of id: Int, in group: String) -> Int? { groups[group]?.pending[id]?.consumer }

    /// Whether the consumer works on an entry with which another vanished, and has not lived with it for long.
    func isSuspecting(_ group: String, _ consumer: Int, _ visibility: Duration) -> Bool {
        groups[group]?.pending.values.contains { pending in
            pending.consumer == consumer && pending.deliveries > 1 && .now - pending.handedOut < visibility / 16
        } ?? false
    }

    /// New entries and, if it may, one whose consumer has been silent for `visibility`.
    mutating func take(
        _ limit: Int, group: String, consumer: Int, visibility: Duration, mayTakeOver: Bool
    ) -> [(Entry, deliveries: Int)] {
        var mayTakeOver = mayTakeOver
        guard var membership = groups[group] else { return [] }
        let now = ContinuousClock.now
        var taken: [(Entry, Int)] = []
        for entry in entries {
            guard taken.count < limit else { break }
            if let pending = membership.pending[entry.id] {
                guard mayTakeOver, now - pending.since >= visibility else { continue }
                mayTakeOver = false
                taken.append((entry, pending.deliveries + 1))
            } else if entry.id > membership.lastDelivered {
                membership.lastDelivered = entry.id
                taken.append((entry, 1))
            } else {
                continue
            }
            membership.pending[entry.id] = Pending(
                consumer: consumer, handedOut: now, since: now, deliveries: taken[taken.count - 1].1)
        }
        groups[group] = membership
        return taken
    }

    mutating func touch(_ id: Int, in group: String) { groups[group]?.pending[id]?.since = .now }

    /// Acknowledges, and removes what every group has acknowledged.
    mutating func acknowledge(_ id: Int, in group: String) {
        groups[group]?.pending[id] = nil
        let needed = groups.values
        entries.removeAll { entry in
            needed.allSatisfy { $0.lastDelivered >= entry.id && $0.pending[entry.id] == nil }
        }
    }
}
