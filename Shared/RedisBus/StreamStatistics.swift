package import Events
internal import FoundationEssentials
internal import Redis

/// How far a group is with a stream, its retries included, over all partitions.
package struct StreamStatistics: Sendable, Hashable {
    package let stream: Stream
    package let group: Group
    /// Entries that no consumer of the group has received yet.
    package var lag = 0
    /// Entries that a consumer works on.
    package var pending = 0
    /// The age of the oldest of these.
    package var oldestPendingSeconds = 0.0
    package var consumers = 0
    /// What the group has given up, of all its streams.
    package var deadLetters = 0
}

extension RedisBus {
    /// The figures of every group of the contract; a group that does not exist yet has zeros.
    package func statistics(of streams: [Stream]) async throws -> [StreamStatistics] {
        var all: [StreamStatistics] = []
        for stream in streams {
            for group in stream.groups { all.append(try await statistics(of: stream, group)) }
        }
        return all
    }

    private func statistics(of stream: Stream, _ group: Group) async throws -> StreamStatistics {
        var figures = StreamStatistics(stream: stream, group: group)
        for partition in 0..<options.partitions {
            for key in Source.lanes(stream, partition).map(\.key) + [Source.retryKey(stream, partition, group)] {
                let replies = try await client.pipeline([
                    ["XINFO", "GROUPS", key], ["XPENDING", key, group.rawValue], ["XLEN", key],
                ])
                figures.add(groups: replies[0], pending: replies[1], length: replies[2].integer ?? 0)
            }
            let dead = RedisKeys.dead(partition, group: group.rawValue)
            figures.deadLetters += try await client.send(["XLEN", dead]).integer ?? 0
        }
        return figures
    }
}

extension StreamStatistics {
    fileprivate mutating func add(groups: RedisValue, pending: RedisValue, length: Int) {
        guard let info = groups.array?.map(Self.fields).first(where: { $0["name"]?.string == group.rawValue }) else {
            lag += length
            return
        }
        // Redis does not know the lag after entries were deleted by hand; the length is its bound.
        lag += info["lag"]?.integer ?? length
        self.pending += info["pending"]?.integer ?? 0
        consumers = max(consumers, info["consumers"]?.integer ?? 0)
        if let oldest = pending.array?.dropFirst().first?.string?.split(separator: "-").first.flatMap({ Double($0) }) {
            oldestPendingSeconds = max(oldestPendingSeconds, Date().timeIntervalSince1970 - oldest / 1000)
        }
    }

    private static func fields(_ info: RedisValue) -> [String: RedisValue] {
        let parts = info.array ?? []
        let pairs = stride(from: 0, to: parts.count - 1, by: 2).map { (parts[$0].string ?? "", parts[$0 + 1]) }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}
