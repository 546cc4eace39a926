import Events

/// Who reads what.
struct Membership: Sendable {
    let group: Group
    let consumer: String
    /// The sources of each partition.
    let sources: [[Source]]

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
