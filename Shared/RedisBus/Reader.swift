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
        var turn = 0
        var nextTakeOver = ContinuousClock.now
        /// Whose turn it is to be taken over from: counted apart, because the other turns may keep step with the waits.
        var takeOverPartition = 0
        /// A reply may have been lost, and with it what was handed out.
        var mustRecover = false
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
    private let state = Mutex(State())

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
    }

    func read(limit: Int) async throws(BusError) -> [Delivery] {
        guard limit > 0 else { return [] }
        let limit = min(limit, Self.batchLimit)
        let first = try await noting { () async throws(BusError) in
            let lost = try await self.recover(limit)
            return lost.deliveries.isEmpty ? try await self.take(limit) : lost
        }
        guard first.deliveries.isEmpty, !first.isGroupMissing, !first.positions.isEmpty else {
            return held.take(first.deliveries)
        }
        return held.take(
            try await noting { () async throws(BusError) in
                try await self.wait(first.positions, thenTake: limit)
            }.deliveries)
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
        // Redis runs what follows a blocking command as soon as that is over: so one journey does for both.
        return try await take(limit, behind: Watch.command(positions, longest))
    }

    private func take(_ limit: Int, behind wait: RedisCommand? = nil) async throws(BusError) -> Taken {
        let (turn, due) = nextTurn()
        // Never behind a wait: who stands still meanwhile would take over without knowing it.
        let partition = wait == nil ? due : nil
        let shares = shares(of: limit, beginningWith: partition ?? turn, turn)
        if wait == nil, partition == nil, let taken = try await takeOfBusy(shares), !taken.deliveries.isEmpty { return taken }
        let calls = shares.map { share in
            let isTakeOver = share.sources.first?.partition == partition
            return call(share.sources, [String(share.limit), String(isTakeOver ? visibility.milliseconds : -1)])
        }
        let taken = try await ask(.take, shares.map(\.sources), calls, behind: wait)
        state.withLock { state in
            state.busy.formUnion(taken.deliveries.lazy.map(\.id.source))
            state.quickTakes = 0
        }
        if partition != nil, !taken.deliveries.contains(where: { $0.deliveries > 1 }) {
            // Where something was found there may be more: only when there is nothing left it is the next partition's turn.
            state.withLock { state in
                state.takeOverPartition = (state.takeOverPartition + 1) % shares.count
                state.nextTakeOver = .now + takeOverInterval / shares.count
            }
        }
        if taken.isGroupMissing { try await recreateGroups() }
        return taken
    }

    /// A source of the favoured lane that had something when it was last asked, and that nobody else reads, needs no script; but
    /// every fourth time one looks at all of them, so that retries do not wait behind a backlog.
    /// - Returns: nil when there is no such source, or when the script will know better what is wrong with it.
    private func takeOfBusy(_ shares: [(sources: [Source], limit: Int)]) async throws(BusError) -> Taken? {
        guard shares.count == 1, let source = busySource(shares[0].sources) else { return nil }
        let command: RedisCommand = [
            "XREADGROUP", "GROUP", membership.group.rawValue, membership.consumer, "COUNT", String(shares[0].limit),
            "STREAMS", source.key, ">",
        ]
        var taken = Taken()
        do {
            guard let reply = try await runner.client.pipeline([command]).first, reply.error == nil else { return nil }
            taken.add(read: reply, source, membership.group)
        } catch { throw BusError(error.description) }
        if taken.deliveries.isEmpty { state.withLock { _ = $0.busy.remove(source.key) } }
        return taken
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

    /// - Returns: which partition is taken over from in this turn, if one is: only one at a time, because of the entries whose
    ///   consumers vanished only one may be here at a time.
    private func nextTurn() -> (turn: Int, takeOverPartition: Int?) {
        let isSuspecting = held.suspicion != nil
        return state.withLock { state in
            state.turn &+= 1
            guard !isSuspecting, ContinuousClock.now >= state.nextTakeOver else { return (state.turn, nil) }
            return (state.turn, state.takeOverPartition)
        }
    }

    private var takeOverInterval: Duration { visibility / 4 * Double.random(in: 0.75...1.25) }

    /// Divides the limit over the partitions from `first` on. A partition whose share is nothing is asked only where the group
    /// stands. The lanes' turn changes when every partition has been first once, or some lanes would never meet some partitions.
    private func shares(of limit: Int, beginningWith first: Int, _ turn: Int) -> [(sources: [Source], limit: Int)] {
        let partitions = membership.sources.rotated(by: first)
        return partitions.enumerated().map { index, sources in
            let share = limit / partitions.count + (index < limit % partitions.count ? 1 : 0)
            return (sources.inOrder(of: turn / partitions.count), share)
        }
    }

    private func recreateGroups() async throws(BusError) {
        log("the group is missing in Redis; creating it", ["group": "\(membership.group.rawValue)"])
        try? await Task.sleep(for: .milliseconds(Int.random(in: 50...150)))
        try await groups.create(membership.withItsGroup)
    }

    private func log(_ line: Logger.Message, _ metadata: Logger.Metadata) {
        if throttle.mayLog() { logger.warning(line, metadata: metadata) }
    }
}

extension [Source] {
    /// The sources as they are asked in a turn: the lane whose turn it is, then the others from the first on.
    fileprivate func inOrder(of turn: Int) -> [Source] {
        let rotated = rotated(by: turn / 2)
        let last = rotated.map(\.lane).max() ?? 0
        let favoured = Swift.min(turn.trailingZeroBitCount, last)
        let order = [favoured] + (0...last).filter { $0 != favoured }
        return order.flatMap { lane in rotated.filter { $0.lane == lane } }
    }
}

extension Array {
    /// The same elements, beginning with another one for each `turn`.
    fileprivate func rotated(by turn: Int) -> [Element] {
        guard count > 1 else { return self }
        let start = Int(UInt(bitPattern: turn) % UInt(count))
        return Array(self[start...] + self[..<start])
    }
}
