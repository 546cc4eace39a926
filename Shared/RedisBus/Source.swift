import Events
import Messaging
import Redis

/// A stream in Redis that a group reads: one of the contract in one partition, or the group's retries of it.
struct Source: Sendable, Hashable {
    let stream: Stream
    let partition: Int
    let key: String
    /// The groups that must have acknowledged an entry before it may go.
    let groups: [Group]

    static func main(_ stream: Stream, _ partition: Int) -> Source {
        Source(
            stream: stream, partition: partition, key: RedisKeys.stream(partition, stream.name), groups: stream.groups)
    }

    static func retry(_ stream: Stream, _ partition: Int, of group: Group) -> Source {
        Source(stream: stream, partition: partition, key: retryKey(stream, partition, group), groups: [group])
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
