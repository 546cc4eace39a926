import Events
import Logging
import Messaging
import Redis
import Synchronization

/// Takes entries for one consumer, exactly as many as it has room for, and waits when there are none.
///
/// It waits with a plain `XREAD`, which owns nothing: so it may be interrupted at any moment without leaving an entry behind
/// that nobody works on. (On a Redis Cluster each node would need a wait of its own.)
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
    private let waiter: RedisClient
    private let held: HeldEntries
    private let logger: Logger
    private let state = Mutex(State())

    init(
        _ membership: Membership, visibility: Duration, runner: ScriptRunner, groups: Groups, waiter: RedisClient,
        held: HeldEntries, logger: Logger
    ) {
        self.membership = membership
        self.visibility = visibility
        self.runner = runner
        self.groups = groups
        self.waiter = waiter
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
        let replies = try await runner.run(.take, calls)
        var taken = Taken()
        for (share, reply) in zip(shares, replies) { taken.add(reply, share.sources, membership.group) }
        if partition != nil, !taken.deliveries.contains(where: { $0.deliveries > 1 }) {
            state.withLock { $0.nextTakeOver = .now + takeOverInterval / shares.count }
        }
        if taken.isGroupMissing { try await recreateGroups() }
        return taken
    }

    /// After a reply that never came: what was handed out with it.
    private func recover(_ limit: Int) async throws(BusError) -> Taken {
        var taken = Taken()
        guard state.withLock(\.mustRecover) else { return taken }
        let known = held.ids.map { "\($0.source) \($0.entry)" }
        let replies = try await runner.run(.recover, membership.sources.map { call($0, [String(limit)] + known) })
        for (sources, reply) in zip(membership.sources, replies) { taken.add(reply, sources, membership.group) }
        if taken.deliveries.isEmpty { state.withLock { $0.mustRecover = false } }
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
            state.takeOverPartition = (state.takeOverPartition + 1) % membership.sources.count
            return (state.turn, state.takeOverPartition)
        }
    }

    private var takeOverInterval: Duration { visibility / 4 * Double.random(in: 0.75...1.25) }

    /// Divides the limit over the partitions from `first` on. A partition whose share is nothing is asked only where the group
    /// stands.
    private func shares(of limit: Int, beginningWith first: Int, _ turn: Int) -> [(sources: [Source], limit: Int)] {
        let partitions = membership.sources.rotated(by: first)
        return partitions.enumerated().map { index, sources in
            let share = limit / partitions.count + (index < limit % partitions.count ? 1 : 0)
            return (sources.inOrder(of: turn), share)
        }
    }

    /// Returns when a source has an entry beyond the group's position, after about a second, or when it is cancelled.
    private func wait(_ positions: [(key: String, id: String)]) async throws(BusError) {
        guard !positions.isEmpty else { return }
        var longest = min(1000, max(10, visibility.milliseconds / 4))
        // The next entry of a vanished consumer is due as soon as the one at hand is done.
        if let suspicion = held.suspicion { longest = min(longest, max(10, suspicion.milliseconds)) }
        let command = ["XREAD", "COUNT", "1", "BLOCK", String(longest), "STREAMS"] + positions.map(\.key) + positions.map(\.id)
        do { _ = try await waiter.send(command) } catch {
            if !Task.isCancelled { throw BusError(error.description) }
        }
    }

    private func recreateGroups() async throws(BusError) {
        let now = ContinuousClock.now
        let mayLog = state.withLock { state in
            guard state.lastLine.map({ now - $0 >= .seconds(1) }) ?? true else { return false }
            state.lastLine = now
            return true
        }
        if mayLog {
            logger.warning("the group is missing in Redis; creating it", metadata: ["group": "\(membership.group.rawValue)"])
        }
        try? await Task.sleep(for: .milliseconds(Int.random(in: 50...150)))
        try await groups.create(membership.withItsGroup)
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
