import Events
import Logging
import Messaging
import Redis

/// One consumer of a group on Redis.
final class RedisSubscription: Subscription {
    private let membership: Membership
    private let options: RedisBusOptions
    private let runner: ScriptRunner
    private let writer: Writer
    private let watch: Watch
    private let reader: Reader
    private let upkeep: Upkeep
    private let upkeepTask: Task<Void, Never>
    private let held: HeldEntries

    init(
        _ membership: Membership, options: RedisBusOptions, runner: ScriptRunner, writer: Writer, groups: Groups,
        watch: Watch, logger: Logger
    ) {
        self.membership = membership
        self.options = options
        self.runner = runner
        self.writer = writer
        self.watch = watch
        held = HeldEntries(visibility: options.visibility)
        reader = Reader(
            membership, visibility: options.visibility, runner: runner, groups: groups, watch: watch, held: held,
            logger: logger)
        let upkeep = Upkeep(
            membership: membership, runner: runner, visibility: options.visibility, alarm: Alarm(), logger: logger)
        self.upkeep = upkeep
        upkeepTask = Task { await upkeep.run() }
    }

    deinit { upkeepTask.cancel() }

    func receive(limit: Int) async throws(BusError) -> [Delivery] {
        try await reader.read(limit: limit)
    }

    func settle(_ delivery: Delivery, _ settlement: Settlement) async throws(BusError) -> SettleResult {
        held.mention([delivery])
        let item = try SettleItem(
            delivery, consumer: membership.consumer, settlement, partitions: options.partitions)
        let result = try await writer.apply(item)
        if result != .conflict { held.drop([delivery]) }
        if result == .settled, case .retry(let delay, _) = settlement { upkeep.alarm.set(.now + delay) }
        return result
    }

    func heartbeat(_ deliveries: [Delivery]) async throws(BusError) -> [Bool] {
        held.mention(deliveries)
        let replies = try await call(.keep, deliveries, keys: { [$0.id.source] })
        var isOwned: [Delivery.ID: Bool] = [:]
        for (group, reply) in replies {
            for (delivery, answer) in zip(group, reply.array ?? []) { isOwned[delivery.id] = answer == .integer(1) }
        }
        held.drop(deliveries.filter { isOwned[$0.id] != true })
        return deliveries.map { isOwned[$0.id] ?? false }
    }

    func release(_ deliveries: [Delivery]) async throws(BusError) {
        let results = await withTaskGroup(of: Result<SettleResult, BusError>.self) { tasks in
            for delivery in deliveries {
                let item = SettleItem(releasing: delivery, consumer: membership.consumer)
                tasks.addTask { [writer] in
                    do throws(BusError) { return .success(try await writer.apply(item)) } catch { return .failure(error) }
                }
            }
            return await tasks.reduce(into: []) { $0.append($1) }
        }
        for result in results { _ = try result.get() }
        held.drop(deliveries)
    }

    func close() async {
        upkeepTask.cancel()
        // Should Redis be away, then a member of the group removes this one when it has been gone for long.
        try? await upkeep.leave()
        await watch.close()
    }

    /// Runs a script of the form `KEYS of each entry, group, consumer, ids`, once for each partition.
    private func call(
        _ script: Script, _ deliveries: [Delivery], keys: (Delivery) -> [String]
    ) async throws(BusError) -> [([Delivery], RedisValue)] {
        let groups = Dictionary(grouping: deliveries, by: \.id.partition).values.sorted {
            $0[0].id.partition < $1[0].id.partition
        }
        let calls = groups.map { group in
            ScriptRunner.Call(
                keys: group.flatMap(keys),
                arguments: [membership.group.rawValue, membership.consumer] + group.map(\.id.entry))
        }
        return Array(zip(groups, try await runner.run(script, calls)))
    }
}
