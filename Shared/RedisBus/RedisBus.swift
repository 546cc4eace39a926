package import Events
package import Logging
package import Messaging
package import Redis

/// The bus on Redis streams (Redis 7.0 or Valkey).
package struct RedisBus: Bus {
    package let options: RedisBusOptions
    let client: RedisClient
    private let logger: Logger
    let runner: ScriptRunner
    private let groups: Groups
    private let writer: Writer
    private let consumers = ConsumerNames()

    /// Connects when it is first used.
    package init(url: RedisURL, options: RedisBusOptions = RedisBusOptions(), logger: Logger) {
        var options = options
        options.partitions = max(1, options.partitions)
        self.options = options
        self.logger = logger
        client = RedisClient(url, name: options.consumerName)
        runner = ScriptRunner(client)
        groups = Groups(client)
        writer = Writer(runner, groups, partitions: options.partitions)
    }

    package func commit(_ commit: Commit) async throws(BusError) -> CommitResult {
        guard let mediaId = commit.mediaId, !commit.isEmpty else { return .committed }
        let result = try await writer.commit(commit, partition: mediaId.partition(of: options.partitions))
        return result == .conflict ? .conflict : .committed
    }

    package func subscribe(_ group: Group, to streams: [Stream]) async throws(BusError) -> any Subscription {
        guard !streams.isEmpty else { throw BusError("a group needs a stream to read") }
        let sources = (0..<options.partitions).map { partition in
            streams.flatMap { Source.lanes($0, partition) } + streams.map { Source.retry($0, partition, of: group) }
        }
        let membership = Membership(group: group, consumer: consumers.next(options.consumerName), sources: sources)
        try await groups.create(membership.withItsGroup)
        return RedisSubscription(
            membership, options: options, runner: runner, writer: writer, groups: groups,
            reading: client.sibling(membership.consumer + "-read"), logger: logger)
    }

    /// Closes the connection; a later use opens it again.
    package func close() async { await client.close() }
}
