import Events
import Messaging
import Redis

/// What the take script answers, of all partitions.
struct Taken {
    private(set) var deliveries: [Delivery] = []
    /// Where the group stands in each source, when nothing was taken.
    private(set) var positions: [(key: String, id: String)] = []
    private(set) var isGroupMissing = false

    mutating func add(_ reply: RedisValue, _ sources: [Source], _ group: Group) {
        guard let parts = reply.array, parts.count == 3 else { return }
        deliveries += (parts[0].array ?? []).compactMap { Self.delivery($0, sources, group) }
        for (source, id) in zip(sources, parts[1].array ?? []) { positions.append((source.key, id.string ?? "0-0")) }
        if parts[2] != .integer(0) { isGroupMissing = true }
    }

    private static func delivery(_ reply: RedisValue, _ sources: [Source], _ group: Group) -> Delivery? {
        guard let parts = reply.array, parts.count == 6, let number = parts[0].integer, sources.indices.contains(number - 1),
            let entry = parts[1].string
        else { return nil }
        let source = sources[number - 1]
        return Delivery(
            id: .init(partition: source.partition, source: source.key, entry: entry), group: group, stream: source.stream,
            payload: parts[2].string ?? "", attempt: max(1, parts[3].integer ?? 1), deliveries: parts[4].integer ?? 1,
            lane: parts[5].integer ?? source.lane)
    }
}
