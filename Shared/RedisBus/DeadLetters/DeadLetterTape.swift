import Events
import Messaging
import Redis

/// The dead letters of one group in one partition, the newest first, read a few at a time.
struct DeadLetterTape {
    private static let pageSize = 50

    private let group: Group
    private let partition: Int
    private let reason: DeadReason?
    private let before: DeadLetters.ID?
    /// Where the next page begins; nil at the end.
    private var position: String?
    private var letters: ArraySlice<DeadLetters.Letter> = []

    init(_ group: Group, _ partition: Int, reason: DeadReason?, before: DeadLetters.ID?) {
        self.group = group
        self.partition = partition
        self.reason = reason
        self.before = before
        // Those of the same moment may still come behind it, by group and partition.
        position = before.map { $0.entry.description } ?? "+"
    }

    var head: DeadLetters.Letter? { letters.first }

    mutating func take() -> DeadLetters.Letter? { letters.popFirst() }

    /// Reads on until there is a head or nothing more.
    mutating func fill(from client: RedisClient) async throws {
        while letters.isEmpty, let position {
            let command = ["XREVRANGE", DeadLetters.key(group, partition), position, "-", "COUNT", String(Self.pageSize)]
            let page = try await client.send(command).array ?? []
            letters = page.compactMap { DeadLetters.Letter($0, group, partition) }.filter(isWanted)[...]
            let last = page.count < Self.pageSize ? nil : page.last?.array?.first?.string
            self.position = last.map { "(\($0)" }
        }
    }

    private func isWanted(_ letter: DeadLetters.Letter) -> Bool {
        (reason.map { letter.reason == $0.rawValue } ?? true) && (before.map { letter.id < $0 } ?? true)
    }
}
