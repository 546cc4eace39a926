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
    private let reader: Reader
    private let upkeep: Upkeep
    private let upkeepTask: Task<Void, Never>
    private let held: HeldEntries

    init(
        _ membership: Membership, options: RedisBusOptions, runner: ScriptRunner, writer: Writer, groups: Groups,
        reading client: RedisClient, logger: Logger
    ) {
        self.membership = membership
        self.options = options
        self.runner = runner
        self.writer = writer
        held = HeldEntries(visibility: options.visibility)
        reader = Reader(
            membership, visibility: options.visibility, runner: ScriptRunner(client), groups: groups,
            watch: Watch(client, name: membership.consumer + "-wait"), held: held, logger: logger)
        let upkeep = Upkeep(
            membership: membership, runner: runner, visibility: options.visibility, alarm: Alarm(), logger: logger)
        self.upkeep = upkeep
        upkeepTask = Task { await upkeep.run() }
    }

    deinit { upkeepTask.cancel() }

    var executors: (receive: (any TaskExecutor)?, settle: (any TaskExecutor)?) {
        (reader.executor, runner.client.executor)
    }

    func receive(limit: Int) async throws(BusError) -> [Delivery] {
        try await reader.read(limit: limit)
    }

    func settle(_ endings: [(delivery: Delivery, settlement: Settlement)]) async -> [Result<SettleResult, BusError>] {
        held.mention(endings.lazy.map(\.delivery))
        var (items, answers): ([SettleItem], [Result<SettleResult, BusError>?]) = ([], [])
        for (delivery, settlement) in endings {
            do throws(BusError) {
                items.append(
                    try SettleItem(delivery, consumer: membership.consumer, settlement, partitions: options.partitions))
                answers.append(nil)
            } catch { answers.append(.failure(error)) }
        }
        var settled = await writer.settle(items).makeIterator()
        let all = answers.map { $0 ?? settled.next() ?? .failure(BusError("no answer")) }
        note(all, endings)
        return all
    }

    private func note(
        _ answers: [Result<SettleResult, BusError>], _ endings: [(delivery: Delivery, settlement: Settlement)]
    ) {
        var over: [Delivery] = []
        for ((delivery, settlement), answer) in zip(endings, answers) {
            guard case .success(let result) = answer, result != .conflict else { continue }
            over.append(delivery)
            guard result == .settled else { continue }
            switch settlement {
            case .retry(let delay, _), .wait(let delay, _, _): upkeep.alarm.set(.now + delay)
            case .done, .reject: break
            }
        }
        held.drop(over)
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
        for result in await writer.settle(deliveries.map { SettleItem(releasing: $0, consumer: membership.consumer) }) {
            _ = try result.get()
        }
        held.drop(deliveries)
    }

    func close() async {
        upkeepTask.cancel()
        if let lost = try? await reader.lost() { try? await release(lost) }
        // Should Redis be away, then a member of the group removes this one when it has been gone for long.
        try? await upkeep.leave()
        await reader.close()
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
