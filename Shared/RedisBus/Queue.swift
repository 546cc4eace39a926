package import Events
package import FoundationEssentials
internal import Redis

/// What a group has before it of a stream, as operators ask. To know, one must read entries, for which services have no right.
package struct Queue: Sendable, Hashable {
    package let figures: StreamStatistics
    /// Retries that are not due yet.
    package var delayed = 0
    /// When the oldest entry that is not acknowledged, received or not, came into the queue.
    package var oldest: Date?

    package init(_ figures: StreamStatistics) { self.figures = figures }
}

extension RedisBus {
    /// The queues of every group of the contract. It looks at every delayed retry, a thousand at a time.
    package func queues(of streams: [Stream] = Stream.all) async throws -> [Queue] {
        var queues = try await statistics(of: streams).map(Queue.init)
        for partition in 0..<options.partitions {
            let delayed = try await delayed(in: partition)
            for index in queues.indices {
                let (stream, group) = (queues[index].figures.stream, queues[index].figures.group)
                let retries = Source.retryKey(stream, partition, group)
                queues[index].delayed += delayed[retries] ?? 0
                for key in Source.lanes(stream, partition).map(\.key) + [retries] {
                    guard let oldest = try await oldest(in: key, group) else { continue }
                    queues[index].oldest = min(queues[index].oldest ?? .distantFuture, oldest.time)
                }
            }
        }
        return queues
    }

    private func oldest(in key: String, _ group: Group) async throws -> EntryID? {
        let source = try await SourceFigures(of: key, group, client)
        guard source.oldestPending == nil, source.lag > 0 else { return source.oldestPending }
        let next = try await client.send(["XRANGE", key, "(\(source.position)", "+", "COUNT", "1"])
        return next.array?.first?.array?.first?.string.flatMap(EntryID.init)
    }

    private func delayed(in partition: Int) async throws -> [String: Int] {
        let (key, pageSize) = (RedisKeys.delayed(partition), 1000)
        var counts: [String: Int] = [:]
        var (rank, page) = (0, pageSize)
        while page == pageSize {
            let reply = try await runner.run(.countDelayed, keys: [key], [String(rank), String(pageSize)]).array ?? []
            page = reply.first?.integer ?? 0
            rank += page
            for index in stride(from: 1, to: reply.count - 1, by: 2) {
                counts[reply[index].string ?? "", default: 0] += reply[index + 1].integer ?? 0
            }
        }
        return counts
    }
}
