import Messaging

/// Where the group stood in each source when it was last asked. Others may have read on since: then a wait from there ends at
/// once, and the next take says it anew.
struct Standings {
    /// How many there are.
    let sources: Int
    private var ids: [String: String] = [:]
    /// What was asked last left nothing behind.
    private var isDrained = false

    init(sources: Int) { self.sources = sources }

    /// Where to wait without asking first; nil where there may be something, or too little is known.
    var resting: Watch.Positions? { isDrained && ids.count == sources ? ids.map { ($0.key, $0.value) } : nil }

    /// What the take script answered that was asked for so much of each partition.
    mutating func note(_ taken: Taken, limits: [Int: Int]) {
        for (key, id) in taken.positions { ids[key] = id }
        let counts = count(taken, by: \.partition)
        isDrained = !taken.isPartial && !taken.isGroupMissing && limits.allSatisfy { counts[$0.key, default: 0] < $0.value }
    }

    /// What a read answered that asked for so much of each source.
    mutating func note(_ taken: Taken, ofEach limit: Int) {
        isDrained = count(taken, by: \.source).values.allSatisfy { $0 < limit }
    }

    /// Something else was asked, and nobody knows what that left behind.
    mutating func forget() { isDrained = false }

    private mutating func count<Key>(_ taken: Taken, by key: (Delivery.ID) -> Key) -> [Key: Int] {
        var counts: [Key: Int] = [:]
        for delivery in taken.deliveries {
            // What was claimed from another consumer is older than where the group stands.
            if delivery.deliveries == 1 { ids[delivery.id.source] = delivery.id.entry }
            counts[key(delivery.id), default: 0] += 1
        }
        return counts
    }
}
