import Events
import Redis

/// Who reads what.
struct Membership: Sendable {
    let group: Group
    let consumer: String
    /// The sources of each partition.
    let sources: [[Source]]

    /// Whether no other group reads any of them, so that an entry that was handed out needs no second look.
    var isExclusive: Bool { sources.joined().allSatisfy { $0.groups == [group] } }

    /// How a member of the group asks for new entries, at most so many of each source.
    /// - Parameter milliseconds: how long to wait for one; nil not to wait.
    func read(_ sources: [Source], count: Int, waiting milliseconds: Int? = nil) -> RedisCommand {
        let words = ["XREADGROUP", "GROUP", group.rawValue, consumer, "COUNT", String(count)]
        let wait = milliseconds.map { ["BLOCK", String($0)] } ?? []
        return RedisCommand(words + wait + ["STREAMS"] + sources.map(\.key) + sources.map { _ in ">" })
    }

    /// Every source with this group among those that it must have, as it also is when the contract does not name it.
    var withItsGroup: [Source] {
        sources.flatMap { $0 }.map { source in
            guard !source.groups.contains(group) else { return source }
            return Source(
                stream: source.stream, partition: source.partition, key: source.key, groups: source.groups + [group],
                lane: source.lane)
        }
    }
}
