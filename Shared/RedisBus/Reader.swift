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
        var lastLine: ContinuousClock.Instant?
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
        let first = try await take(limit)
        guard first.deliveries.isEmpty, !first.isGroupMissing else { return held.take(first.deliveries) }
        try await wait(first.positions)
        return held.take(try await take(limit).deliveries)
    }

    private func take(_ limit: Int) async throws(BusError) -> Taken {
        do throws(BusError) {
            let lost = try await recover(limit)
            return lost.deliveries.isEmpty ? try await takeNext(limit) : lost
        } catch {
            state.withLock { $0.mustRecover = true }
            throw error
        }
    }

    private func takeNext(_ limit: Int) async throws(BusError) -> Taken {
        let (turn, partition) = nextTurn()
        let shares = shares(of: limit, beginningWith: partition ?? turn, turn)
        let calls = shares.map { share in
            let isTakeOver = share.sources.first?.partition == partition
            return call(share.sources, [String(share.limit), String(isTakeOver ? visibility.milliseconds : -1)])
        }
        let taken = try await ask(.take, shares.map(\.sources), calls)
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
    private func ask(_ script: Script, _ sources: [[Source]], _ calls: [ScriptRunner.Call]) async throws(BusError) -> Taken {
        let results = try await runner.results(of: script, calls)
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

    /// Returns when a source has an entry beyond the group's position, after about a second, or when it is cancelled.
    private func wait(_ positions: [(key: String, id: String)]) async throws(BusError) {
        guard !positions.isEmpty else { return }
        var longest = min(1000, max(10, visibility.milliseconds / 4))
        // The next entry of a vanished consumer is due as soon as the one at hand is done.
        if let suspicion = held.suspicion { longest = min(longest, max(10, suspicion.milliseconds)) }
        try await watch.wait(positions, atMost: longest)
    }

    private func recreateGroups() async throws(BusError) {
        log("the group is missing in Redis; creating it", ["group": "\(membership.group.rawValue)"])
        try? await Task.sleep(for: .milliseconds(Int.random(in: 50...150)))
        try await groups.create(membership.withItsGroup)
    }

    /// At most one line a second.
    private func log(_ line: Logger.Message, _ metadata: Logger.Metadata) {
        let now = ContinuousClock.now
        let mayLog = state.withLock { state in
            guard state.lastLine.map({ now - $0 >= .seconds(1) }) ?? true else { return false }
            state.lastLine = now
            return true
        }
        if mayLog { logger.warning(line, metadata: metadata) }
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
