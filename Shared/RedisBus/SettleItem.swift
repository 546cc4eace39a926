import Events
import Messaging
import Redis

/// One commit or settlement as the tokens that the settle script reads.
struct SettleItem: Sendable {
    /// Whose entries an item settles; nobody's for a commit.
    struct Owner: Sendable, Hashable {
        let source: String
        let group: String
        let consumer: String
        /// The groups of the contract.
        let needed: String

        static let nobody = Owner(source: "", group: "", consumer: "", needed: "")
    }

    let partition: Int
    /// What it may publish to, so that the groups exist.
    let targets: [Source]
    let owner: Owner
    let entry: String
    /// Kind, id, the numbers of changes and outputs, those, then what is the kind's own.
    let tokens: RedisArguments

    init(_ commit: Commit, partition: Int) throws(BusError) {
        self.partition = partition
        targets = Self.targets(of: commit, partition, commit.lane ?? 0)
        owner = .nobody
        entry = ""
        tokens = try Self.tokens("commit", "", [], commit, targets, partition)
    }

    init(_ delivery: Delivery, consumer: String, _ settlement: Settlement, partitions: Int) throws(BusError) {
        let partition = delivery.id.partition
        let (kind, own, commit) = Self.ending(delivery, settlement)
        if let mediaId = commit.mediaId, mediaId.partition(of: partitions) != partition {
            throw BusError("a settlement's commit must be about a media of the delivery's partition", isRefusal: true)
        }
        self.partition = partition
        targets = Self.targets(of: commit, partition, commit.lane ?? delivery.lane)
        owner = Owner(delivery, consumer)
        entry = delivery.id.entry
        tokens = try Self.tokens(kind, entry, own, commit, targets, partition)
    }

    /// Hands an owned entry back as it is, to whoever of the group reads next.
    init(releasing delivery: Delivery, consumer: String) {
        partition = delivery.id.partition
        targets = []
        owner = Owner(delivery, consumer)
        entry = delivery.id.entry
        let target = Source.retryKey(delivery.stream, partition, delivery.group)
        var tokens = RedisArguments()
        tokens += ["release", entry, "0", "0", target, String(delivery.lane)]
        self.tokens = tokens
    }

    private static func ending(_ delivery: Delivery, _ settlement: Settlement) -> (String, [String], Commit) {
        let partition = delivery.id.partition
        switch settlement {
        case .done(let commit): return ("done", [], commit)
        case .retry(let delay, _): return ("retry", later(delivery, delay, isWait: false), .nothing)
        case .wait(let delay, _, let commit): return ("retry", later(delivery, delay, isWait: true), commit)
        case .reject(let reason, let detail, let commit):
            let dead = RedisKeys.dead(partition, group: delivery.group.rawValue)
            return ("reject", [dead, delivery.stream.name, reason.rawValue, String(detail.prefix(2000))], commit)
        }
    }

    private static func later(_ delivery: Delivery, _ delay: Duration, isWait: Bool) -> [String] {
        let target = Source.retryKey(delivery.stream, delivery.id.partition, delivery.group)
        return [target, String(max(0, delay.milliseconds)), String(delivery.lane), isWait ? "1" : "0"]
    }

    private static func targets(of commit: Commit, _ partition: Int, _ lane: Int) -> [Source] {
        commit.outputs.map { .main($0.stream, partition, lane: lane) }
    }

    private static func tokens(
        _ kind: String, _ entry: String, _ own: [String], _ commit: Commit, _ targets: [Source], _ partition: Int
    ) throws(BusError) -> RedisArguments {
        var tokens = RedisArguments(capacity: commit.outputs.reduce(160) { $0 + $1.payload.utf8.count + 80 })
        tokens.append(kind)
        tokens.append(entry)
        tokens.append(commit.changes.count)
        tokens.append(targets.count)
        for change in commit.changes { tokens += try Self.tokens(of: change, partition) }
        for (output, target) in zip(commit.outputs, targets) {
            tokens.append(target.key)
            tokens.append(output.stream.newest ?? 0)
            tokens.append(output.payload)
        }
        tokens += own
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

extension Stream {
    /// How many entries are kept, where it is so many and no more.
    var newest: Int? { if case .newest(let count) = retention { count } else { nil } }
}

extension SettleItem.Owner {
    init(_ delivery: Delivery, _ consumer: String) {
        source = delivery.id.source
        group = delivery.group.rawValue
        self.consumer = consumer
        let groups = delivery.stream.groups
        needed = groups.count == 1 ? groups[0].rawValue : groups.map(\.rawValue).joined(separator: " ")
    }
}
