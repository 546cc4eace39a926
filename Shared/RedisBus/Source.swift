import Events
import Messaging
import Redis

/// A stream in Redis that a group reads: one lane of a stream of the contract in one partition, or the group's retries of it.
struct Source: Sendable, Hashable {
    let stream: Stream
    let partition: Int
    let key: String
    /// The groups that must have acknowledged an entry before it may go.
    let groups: [Group]
    /// Retries come in the first lane, each with a note of its own.
    let lane: Int

    func hash(into hasher: inout Hasher) { hasher.combine(key) }

    /// - Parameter lane: the last one that the stream has, if it has fewer.
    static func main(_ stream: Stream, _ partition: Int, lane: Int = 0) -> Source {
        let lane = min(max(lane, 0), stream.lanes - 1)
        let key = RedisKeys.stream(partition, stream.name, lane: lane)
        return Source(stream: stream, partition: partition, key: key, groups: stream.groups, lane: lane)
    }

    static func lanes(_ stream: Stream, _ partition: Int) -> [Source] {
        (0..<stream.lanes).map { main(stream, partition, lane: $0) }
    }

    static func retry(_ stream: Stream, _ partition: Int, of group: Group) -> Source {
        Source(stream: stream, partition: partition, key: retryKey(stream, partition, group), groups: [group], lane: 0)
    }

    static func retryKey(_ stream: Stream, _ partition: Int, _ group: Group) -> String {
        RedisKeys.retry(partition, stream.name, group: group.rawValue)
    }
}

extension Duration {
    /// Whole milliseconds, rounded up.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
