import Events
import Logging
import Messaging
import Redis
import Synchronization

/// Takes entries for one consumer, exactly as many as it has room for, and waits when there are none.
///
/// In a cluster some partitions may be away: the others are read on.
final class Reader: Sendable {
    private struct State {
        var turns: Turns
        /// A reply may have been lost, and with it what was handed out.
        var mustRecover = false
        var standings: Standings
        /// The sources that had something when they were last asked.
        var busy: Set<String> = []
        /// How many takes in a row have asked one of those alone.
        var quickTakes = 0
    }

    /// The length of a batch is bounded by what Lua unpacks at once.
    private static let batchLimit = 1000
    private let membership: Membership
    private let visibility: Duration
    private let runner: ScriptRunner
    private let groups: Groups
    private let watch: Watch
    private let held: HeldEntries
    private let logger: Logger
    private let throttle = LogThrottle()
    private let state: Mutex<State>

    init(
        _ membership: Membership, visibility: Duration, runner: ScriptRunner, groups: Groups, watch: Watch,
        held: HeldEntries, logger: Logger
    ) {
        self.membership = membership
        self.visibility = visibility
        self.runner = runner
        self.groups = groups
        self.watch = watch
        self.held = held
        self.logger = logger
        state = Mutex(
            State(
                turns: Turns(membership.sources), standings: Standings(sources: membership.sources.joined().count)))
    }

    /// Where its answers arrive.
    var executor: any TaskExecutor { runner.client.executor }

    func read(limit: Int) async throws(BusError) -> [Delivery] {
        guard limit > 0 else { return [] }
        let limit = min(limit, Self.batchLimit)
        let taken = try await noting { () async throws(BusError) in
            let lost = try await self.recover(limit)
            guard lost.deliveries.isEmpty else { return lost }
            if let positions = self.resting { return try await self.wait(positions, thenTake: limit) }
            let first = try await self.take(limit)
            guard first.deliveries.isEmpty, !first.isGroupMissing, !first.positions.isEmpty else { return first }
            return try await self.wait(first.positions, thenTake: limit)
        }
        return held.take(taken.deliveries)
    }

    /// What was handed out with a reply that never came, now that nobody reads any more.
    func lost() async throws(BusError) -> [Delivery] {
        held.take(try await recover(Self.batchLimit).deliveries)
    }

    func close() async {
        await watch.close()
        await runner.client.close()
    }

    /// Remembers that a reply may have been lost. That a wait was cancelled is no failure.
    private func noting(_ read: () async throws(BusError) -> Taken) async throws(BusError) -> Taken {
        do throws(BusError) { return try await read() } catch {
            state.withLock { $0.mustRecover = true }
            if Task.isCancelled { return Taken() }
            throw error
        }
    }

    /// Takes when a source has an entry beyond the group's position, or after about a second.
    private func wait(_ positions: Watch.Positions, thenTake limit: Int) async throws(BusError) -> Taken {
        var longest = min(1000, max(10, visibility.milliseconds / 4))
        // The next entry of a vanished consumer is due as soon as the one at hand is done.
        if let suspicion = held.suspicion { longest = min(longest, max(10, suspicion.milliseconds)) }
        if try await watch.isNeeded {
            try await watch.wait(positions, atMost: longest)
            return try await take(limit)
        }
        if let taken = try await waitAlone(longest, limit) { return taken }
        // Redis runs what follows a blocking command as soon as that is over: so one journey does for both.
        return try await take(limit, behind: Watch.command(positions, longest))
    }

    /// What nobody else reads can be waited for by the read itself.
    /// - Returns: nil where others read as well, where a little of each source would be too much, or when the script will
    ///   know better what is wrong.
    private func waitAlone(_ milliseconds: Int, _ limit: Int) async throws(BusError) -> Taken? {
        let sources = membership.sources.flatMap { $0 }
        let count = limit / sources.count
        guard count > 0, membership.isExclusive else { return nil }
        let command = membership.read(sources, count: count, waiting: milliseconds)
        guard let taken = try await answer(to: command, sources) else { return nil }
        state.withLock { $0.standings.note(taken, ofEach: count) }
        return taken
    }

    private func take(_ limit: Int, behind wait: RedisCommand? = nil) async throws(BusError) -> Taken {
        // Never behind a wait: who stands still meanwhile would take over without knowing it. And of the entries whose consumers
        // vanished only one may be here at a time.
        let mayTakeOver = wait == nil && held.suspicion == nil
        let (partition, shares) = state.withLock { $0.turns.next(of: limit, mayTakeOver: mayTakeOver) }
        if wait == nil, partition == nil, let taken = try await takeOfBusy(shares), !taken.deliveries.isEmpty { return taken }
        let calls = shares.map { share in
            let isTakeOver = share.sources.first?.partition == partition
            return call(share.sources, [String(share.limit), String(isTakeOver ? visibility.milliseconds : -1)])
        }
        let taken = try await ask(.take, shares.map(\.sources), calls, behind: wait)
        let limits = shares.compactMap { share in share.sources.first.map { ($0.partition, share.limit) } }
        state.withLock { state in
            state.busy.formUnion(taken.deliveries.lazy.map(\.id.source))
            state.quickTakes = 0
            state.standings.note(taken, limits: Dictionary(limits) { $1 })
        }
        if partition != nil, !taken.deliveries.contains(where: { $0.deliveries > 1 }) {
            // Where something was found there may be more: only when there is nothing left it is the next partition's turn.
            state.withLock { $0.turns.takeOverFromNext(after: takeOverInterval) }
        }
        if taken.isGroupMissing { try await recreateGroups() }
        return taken
    }

    /// A source of the favoured lane that had something when it was last asked, and that nobody else reads, needs no script; but
    /// every fourth time one looks at all of them, so that retries do not wait behind a backlog.
    /// - Returns: nil when there is no such source, or when the script will know better what is wrong with it.
    private func takeOfBusy(_ shares: [(sources: [Source], limit: Int)]) async throws(BusError) -> Taken? {
        guard shares.count == 1, let source = busySource(shares[0].sources) else { return nil }
        guard let taken = try await answer(to: membership.read([source], count: shares[0].limit), [source]) else { return nil }
        state.withLock { state in
            if taken.deliveries.isEmpty { state.busy.remove(source.key) }
            // Of the other sources it tells nothing.
            state.standings.forget()
        }
        return taken
    }

    /// - Returns: nil when Redis refuses.
    private func answer(to read: RedisCommand, _ sources: [Source]) async throws(BusError) -> Taken? {
        do {
            guard let reply = try await runner.client.pipeline([read]).first, reply.error == nil else { return nil }
            var taken = Taken()
            taken.add(read: reply, sources, membership.group)
            return taken
        } catch { throw BusError(error.description) }
    }

    private func busySource(_ sources: [Source]) -> Source? {
        state.withLock { state in
            guard state.quickTakes < 3 else { return nil }
            let favoured = sources.prefix { $0.lane == sources[0].lane }
            let source = favoured.first { $0.groups == [membership.group] && state.busy.contains($0.key) }
            if source != nil { state.quickTakes += 1 }
            return source
        }
    }

    /// After a reply that never came: what was handed out with it.
    private func recover(_ limit: Int) async throws(BusError) -> Taken {
        guard state.withLock(\.mustRecover) else { return Taken() }
        let known = held.ids.map { "\($0.source) \($0.entry)" }
        let calls = membership.sources.map { call($0, [String(limit)] + known) }
        let taken = try await ask(.recover, membership.sources, calls)
        if taken.deliveries.isEmpty, !taken.isPartial { state.withLock { $0.mustRecover = false } }
        return taken
    }

    /// Runs a script on each partition.
    /// - Throws: when all of them fail.
    private func ask(
        _ script: Script, _ sources: [[Source]], _ calls: [ScriptRunner.Call], behind wait: RedisCommand? = nil
    ) async throws(BusError) -> Taken {
        let results = try await runner.results(of: script, calls, behind: wait)
        var taken = Taken()
        var failure: BusError?
        for (sources, result) in zip(sources, results) {
            switch result {
            case .success(let reply): taken.add(reply, sources, membership.group)
            case .failure(let error): failure = failure ?? error
            }
        }
        guard let failure else { return taken }
        guard taken.partitions > 0 else { throw failure }
        state.withLock { $0.mustRecover = true }
        log("cannot read a part of the bus", ["error": "\(failure)"])
        taken.isPartial = true
        return taken
    }

    private func call(_ sources: [Source], _ arguments: [String]) -> ScriptRunner.Call {
        ScriptRunner.Call(
            keys: sources.map(\.key), arguments: [membership.group.rawValue, membership.consumer] + arguments)
    }

    /// Where to wait without asking for more first: most often, when events are rare, there is no more.
    private var resting: Watch.Positions? {
        let isSuspecting = held.suspicion != nil
        return state.withLock { state in
            isSuspecting || !state.turns.isTakeOverDue ? state.standings.resting : nil
        }
    }

    private var takeOverInterval: Duration { visibility / 4 * Double.random(in: 0.75...1.25) }

    private func recreateGroups() async throws(BusError) {
        log("the group is missing in Redis; creating it", ["group": "\(membership.group.rawValue)"])
        try? await Task.sleep(for: .milliseconds(Int.random(in: 50...150)))
        try await groups.create(membership.withItsGroup)
    }

    private func log(_ line: Logger.Message, _ metadata: Logger.Metadata) {
        if throttle.mayLog() { logger.warning(line, metadata: metadata) }
    }
}
