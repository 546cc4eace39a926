import Events
import Messaging
import Redis

/// One commit or settlement as the tokens that the settle script reads.
struct SettleItem: Sendable {
    let partition: Int
    /// What it may publish to, so that the groups exist.
    let targets: [Source]
    let tokens: [String]

    init(_ commit: Commit, partition: Int) throws(BusError) {
        self.partition = partition
        targets = Self.targets(of: commit, partition, commit.lane ?? 0)
        tokens = ["commit"] + (try Self.tokens(of: commit, partition, targets))
    }

    init(_ delivery: Delivery, consumer: String, _ settlement: Settlement, partitions: Int) throws(BusError) {
        let partition = delivery.id.partition
        let (kind, rest, commit) = Self.ending(delivery, settlement)
        if let mediaId = commit.mediaId, mediaId.partition(of: partitions) != partition {
            throw BusError("a settlement's commit must be about a media of the delivery's partition", isRefusal: true)
        }
        self.partition = partition
        targets = Self.targets(of: commit, partition, commit.lane ?? delivery.lane)
        tokens = [kind] + Self.owner(of: delivery, consumer) + rest + (try Self.tokens(of: commit, partition, targets))
    }

    /// Hands an owned entry back as it is, to whoever of the group reads next.
    init(releasing delivery: Delivery, consumer: String) {
        partition = delivery.id.partition
        targets = []
        let target = Source.retryKey(delivery.stream, partition, delivery.group)
        tokens = ["release"] + Self.owner(of: delivery, consumer) + [target, String(delivery.lane), "0", "0"]
    }

    private static func owner(of delivery: Delivery, _ consumer: String) -> [String] {
        let needed = delivery.stream.groups.map(\.rawValue).joined(separator: " ")
        return [delivery.id.source, delivery.group.rawValue, consumer, delivery.id.entry, needed]
    }

    private static func ending(_ delivery: Delivery, _ settlement: Settlement) -> (String, [String], Commit) {
        let partition = delivery.id.partition
        switch settlement {
        case .done(let commit): return ("done", [], commit)
        case .retry(let delay, _):
            let target = Source.retryKey(delivery.stream, partition, delivery.group)
            return ("retry", [target, String(max(0, delay.milliseconds)), String(delivery.lane)], .nothing)
        case .reject(let reason, let detail, let commit):
            let dead = RedisKeys.dead(partition, group: delivery.group.rawValue)
            return ("reject", [dead, delivery.stream.name, reason.rawValue, String(detail.prefix(2000))], commit)
        }
    }

    private static func targets(of commit: Commit, _ partition: Int, _ lane: Int) -> [Source] {
        commit.outputs.map { .main($0.stream, partition, lane: lane) }
    }

    private static func tokens(of commit: Commit, _ partition: Int, _ targets: [Source]) throws(BusError) -> [String] {
        var tokens = [String(commit.changes.count)]
        for change in commit.changes { tokens += try Self.tokens(of: change, partition) }
        tokens.append(String(commit.outputs.count))
        for (output, target) in zip(commit.outputs, targets) {
            let newest = if case .newest(let count) = output.stream.retention { count } else { 0 }
            tokens += [target.key, String(newest), output.payload]
        }
        return tokens
    }

    private static func tokens(of change: StateChange, _ partition: Int) throws(BusError) -> [String] {
        switch change {
        case .put(let key, let value, let expecting, let lifetime):
            let lifetime = lifetime.map { max(1, $0.milliseconds) } ?? 0
            return ["put", RedisKeys.state(partition, key), value, String(expecting), String(lifetime)]
        case .delete(let key): return ["delete", RedisKeys.state(partition, key)]
        case .addToIndex(let name, let member, let score):
            guard !score.isNaN else { throw BusError("a score must be a number", isRefusal: true) }
            return [
                "add", RedisKeys.index(partition, name), member, score.isInfinite ? (score > 0 ? "+inf" : "-inf") : "\(score)",
            ]
        case .removeFromIndex(let name, let member): return ["remove", RedisKeys.index(partition, name), member]
        }
    }
}
