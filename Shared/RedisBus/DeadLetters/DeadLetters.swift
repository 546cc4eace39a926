package import Events
package import Messaging
internal import Redis

/// What the groups have given up: to look at, to try again, to drop.
package struct DeadLetters: Sendable {
    /// Which of them are meant; nil is every one.
    package struct Filter: Sendable, Hashable {
        package var group: Group?
        package var reason: DeadReason?

        package init(group: Group? = nil, reason: DeadReason? = nil) {
            self.group = group
            self.reason = reason
        }
    }

    let bus: RedisBus
    let streams: [Stream]

    /// At most `limit` letters, the newest first.
    ///
    /// - Parameter before: only those behind this one, which need not exist any more: the last one of the page before.
    package func newest(_ filter: Filter = Filter(), before: ID? = nil, limit: Int) async throws -> [Letter] {
        var tapes = places(filter.group).map { DeadLetterTape($0.group, $0.partition, reason: filter.reason, before: before) }
        var letters: [Letter] = []
        while letters.count < limit {
            for index in tapes.indices { try await tapes[index].fill(from: bus.client) }
            let heads = tapes.indices.compactMap { index in tapes[index].head.map { (index: index, id: $0.id) } }
            guard let next = heads.max(by: { $0.id < $1.id }), let letter = tapes[next.index].take() else { break }
            letters.append(letter)
        }
        return letters
    }

    /// One letter; nil when there is none of this id (any more).
    package func letter(_ id: ID) async throws -> Letter? {
        guard isPlace(id) else { return nil }
        let entry = id.entry.description
        let reply = try await bus.client.send(["XRANGE", Self.key(id.group, id.partition), entry, entry])
        return reply.array?.first.flatMap { Letter($0, id.group, id.partition) }
    }

    static func key(_ group: Group, _ partition: Int) -> String { RedisKeys.dead(partition, group: group.rawValue) }

    /// Every group of the contract in every partition.
    func places(_ group: Group?) -> [(group: Group, partition: Int)] {
        let groups = streams.flatMap(\.groups).reduce(into: [Group]()) { if !$0.contains($1) { $0.append($1) } }
        return groups.filter { group == nil || $0 == group }.flatMap { group in
            (0..<bus.options.partitions).map { (group, $0) }
        }
    }

    func isPlace(_ id: ID) -> Bool { places(id.group).contains { $0.partition == id.partition } }
}

extension RedisBus {
    /// The dead letters of the groups of `streams`.
    package func deadLetters(of streams: [Stream] = Stream.all) -> DeadLetters { DeadLetters(bus: self, streams: streams) }
}
