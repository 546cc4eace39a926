import Events
import Messaging
import Redis

/// What the take script answers, of all partitions.
struct Taken {
    private(set) var deliveries: [Delivery] = []
    /// Where the group stands in each source, when nothing was taken.
    private(set) var positions: [(key: String, id: String)] = []
    private(set) var isGroupMissing = false
    /// How many partitions have answered.
    private(set) var partitions = 0
    /// Some have not.
    var isPartial = false

    mutating func add(_ reply: RedisValue, _ sources: [Source], _ group: Group) {
        guard let parts = reply.array, parts.count == 3 else { return }
        partitions += 1
        for bundle in parts[0].array ?? [] { add(bundle: bundle, sources, group) }
        for (source, id) in zip(sources, parts[1].array ?? []) { positions.append((source.key, id.string ?? "0-0")) }
        if parts[2] != .integer(0) { isGroupMissing = true }
    }

    /// What `XREADGROUP` answers.
    mutating func add(read reply: RedisValue, _ sources: [Source], _ group: Group) {
        partitions += Set(sources.map(\.partition)).count
        for bundle in reply.array ?? [] {
            guard let parts = bundle.array, parts.count == 2, let source = sources.first(where: { $0.key == parts[0].string })
            else { continue }
            for entry in parts[1].array ?? [] {
                if let delivery = Self.delivery(entry, source, group, 1) { deliveries.append(delivery) }
            }
        }
    }

    private mutating func add(bundle: RedisValue, _ sources: [Source], _ group: Group) {
        guard let parts = bundle.array, parts.count == 3, let number = parts[0].integer, sources.indices.contains(number - 1)
        else { return }
        let deliveries = parts[1].integer ?? 1
        for entry in parts[2].array ?? [] {
            if let delivery = Self.delivery(entry, sources[number - 1], group, deliveries) { self.deliveries.append(delivery) }
        }
    }

    private static func delivery(_ entry: RedisValue, _ source: Source, _ group: Group, _ deliveries: Int) -> Delivery? {
        guard let parts = entry.array, parts.count == 2, let id = parts[0].string, let fields = parts[1].array else { return nil }
        var (payload, attempt, waits, lane) = ("", 1, 0, source.lane)
        for index in stride(from: 0, to: fields.count - 1, by: 2) {
            switch fields[index].string {
            case "event": payload = fields[index + 1].string ?? ""
            case "attempt": attempt = max(1, fields[index + 1].integer ?? 1)
            case "waits": waits = max(0, fields[index + 1].integer ?? 0)
            case "lane": lane = fields[index + 1].integer ?? lane
            default: break
            }
        }
        return Delivery(
            id: .init(partition: source.partition, source: source.key, entry: id), group: group, stream: source.stream,
            payload: payload, attempt: attempt, waits: waits, deliveries: deliveries, lane: lane)
    }
}
