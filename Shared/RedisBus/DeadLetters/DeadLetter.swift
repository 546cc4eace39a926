package import Events
package import FoundationEssentials
import Redis

extension DeadLetters {
    /// An entry that a group has given up.
    package struct Letter: Sendable, Hashable {
        package let id: ID
        /// The name of the stream that it came from; empty where nobody wrote it down.
        package let stream: String
        /// What was published; it may be anything at all. Bytes that are not UTF-8 show as U+FFFD; a replay keeps them.
        package let event: String
        /// How often it was tried.
        package let attempts: Int
        /// One of `DeadReason`, unless a later version wrote it.
        package let reason: String
        package let detail: String
        /// Its id in the stream, when it was given up.
        package let entry: String
        /// When it was published.
        package let firstAt: Date?
        package let diedAt: Date

        package init(
            id: ID, stream: String, event: String, attempts: Int, reason: String, detail: String, entry: String, firstAt: Date?,
            diedAt: Date
        ) {
            self.id = id
            self.stream = stream
            self.event = event
            self.attempts = attempts
            self.reason = reason
            self.detail = detail
            self.entry = entry
            self.firstAt = firstAt
            self.diedAt = diedAt
        }
    }

    /// Where a dead letter is: `group/partition/entry`, for example `metadata/0/1781234567890-0`.
    ///
    /// The order is that of their deaths; group and partition decide between two of the same moment.
    package struct ID: Sendable, Hashable, Comparable, LosslessStringConvertible {
        package let group: Group
        package let partition: Int
        let entry: EntryID

        package var description: String { "\(group.rawValue)/\(partition)/\(entry)" }

        init(_ group: Group, _ partition: Int, _ entry: EntryID) {
            (self.group, self.partition, self.entry) = (group, partition, entry)
        }

        /// Nil for anything that `description` does not produce.
        package init?(_ description: String) {
            let parts = description.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3, let partition = Int(parts[1]), let entry = EntryID(parts[2]) else { return nil }
            self.init(Group(rawValue: parts[0]), partition, entry)
            guard self.description == description else { return nil }
        }

        package static func < (one: ID, other: ID) -> Bool {
            (one.entry, one.group.rawValue, one.partition) < (other.entry, other.group.rawValue, other.partition)
        }
    }
}

extension DeadLetters.Letter {
    /// Reads an entry as `XRANGE` answers it; nil when it is none.
    init?(_ reply: RedisValue, _ group: Group, _ partition: Int) {
        guard let parts = reply.array, parts.count == 2, let entry = parts[0].string.flatMap(EntryID.init) else { return nil }
        let fields = (parts[1].array ?? []).map { $0.string ?? "" }
        let pairs = stride(from: 0, to: fields.count - 1, by: 2).map { (fields[$0], fields[$0 + 1]) }
        let byName = Dictionary(pairs, uniquingKeysWith: { $1 })
        self.init(
            id: .init(group, partition, entry), stream: byName["stream"] ?? "", event: byName["event"] ?? "",
            attempts: byName["attempt"].flatMap { Int($0) } ?? 0, reason: byName["reason"] ?? "", detail: byName["detail"] ?? "",
            entry: byName["entry"] ?? "",
            firstAt: byName["first"].flatMap { Double($0) }.map { Date(timeIntervalSince1970: $0 / 1000) }, diedAt: entry.time)
    }
}
