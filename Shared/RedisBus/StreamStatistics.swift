package import Events
package import FoundationEssentials
internal import Redis

/// How far a group is with a stream, its retries included, over all partitions.
package struct StreamStatistics: Sendable, Hashable {
    package let stream: Stream
    package let group: Group
    /// Entries that no consumer of the group has received yet.
    package var lag = 0
    /// Those among them that are retries.
    package var unreadRetries = 0
    /// What was published before this has been received, retries apart; nil when everything has been.
    package var readUpTo: Date?
    /// Entries that a consumer works on.
    package var pending = 0
    /// The age of the oldest of these.
    package var oldestPendingSeconds = 0.0
    package var consumers = 0
    /// What the group has given up, of all its streams.
    package var deadLetters = 0

    package init(stream: Stream, group: Group) {
        self.stream = stream
        self.group = group
    }
}

extension RedisBus {
    /// The figures of every group of the contract; a group that does not exist yet has everything before it.
    package func statistics(of streams: [Stream]) async throws -> [StreamStatistics] {
        let all = streams.flatMap { stream in stream.groups.map { (stream, $0) } }
        // All at once, so that they share their way to Redis.
        return try await withThrowingTaskGroup(of: (Int, StreamStatistics).self) { tasks in
            for (index, (stream, group)) in all.enumerated() {
                tasks.addTask { (index, try await statistics(of: stream, group)) }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func statistics(of stream: Stream, _ group: Group) async throws -> StreamStatistics {
        var figures = StreamStatistics(stream: stream, group: group)
        for partition in 0..<options.partitions {
            for lane in Source.lanes(stream, partition) {
                let source = try await SourceFigures(of: lane.key, group, client)
                figures.add(source)
                if source.lag > 0 { figures.readUpTo = min(figures.readUpTo ?? .distantFuture, source.position.time) }
            }
            let retries = try await SourceFigures(of: Source.retryKey(stream, partition, group), group, client)
            figures.add(retries)
            figures.unreadRetries += retries.lag
            let dead = RedisKeys.dead(partition, group: group.rawValue)
            figures.deadLetters += try await client.send(["XLEN", dead]).integer ?? 0
        }
        return figures
    }
}

extension StreamStatistics {
    fileprivate mutating func add(_ source: SourceFigures) {
        lag += source.lag
        pending += source.pending
        consumers = max(consumers, source.consumers)
        let age = source.oldestPending.map { Date().timeIntervalSince($0.time) } ?? 0
        oldestPendingSeconds = max(oldestPendingSeconds, age)
    }
}
