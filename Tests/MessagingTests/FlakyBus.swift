import Events
import Messaging
import Synchronization

/// A bus that can be away, or answer some of what it is told with something else.
final class FlakyBus: Bus {
    private let bus: any Bus
    private let state = Mutex((isAway: false, failures: 0))
    /// What the first settlement of each delivery is answered with instead of being told the bus, in order; nil tells it.
    private let answers = Mutex<(left: [Result<SettleResult, BusError>?], given: Set<Delivery.ID>)>(([], []))

    init(_ bus: any Bus) { self.bus = bus }

    var isAway: Bool {
        get { state.withLock(\.isAway) }
        set { state.withLock { $0.isAway = newValue } }
    }

    var failures: Int { state.withLock(\.failures) }

    func answer(settlements answers: [Result<SettleResult, BusError>?]) {
        self.answers.withLock { $0.left = answers }
    }

    func answer(to delivery: Delivery) -> Result<SettleResult, BusError>? {
        answers.withLock { $0.left.isEmpty || !$0.given.insert(delivery.id).inserted ? nil : $0.left.removeFirst() }
    }

    func commit(_ commit: Commit) async throws(BusError) -> CommitResult {
        try check()
        return try await bus.commit(commit)
    }

    func subscribe(_ group: Group, to streams: [Stream]) async throws(BusError) -> any Subscription {
        try check()
        return FlakySubscription(bus: self, inner: try await bus.subscribe(group, to: streams))
    }

    func check() throws(BusError) {
        let isAway = state.withLock { state in
            if state.isAway { state.failures += 1 }
            return state.isAway
        }
        if isAway { throw BusError("away") }
    }
}

struct FlakySubscription: Subscription {
    let bus: FlakyBus
    let inner: any Subscription

    func receive(limit: Int) async throws(BusError) -> [Delivery] {
        try bus.check()
        return try await inner.receive(limit: limit)
    }

    func settle(_ endings: [(delivery: Delivery, settlement: Settlement)]) async -> [Result<SettleResult, BusError>] {
        do throws(BusError) { try bus.check() } catch { return endings.map { _ in .failure(error) } }
        var answers: [Result<SettleResult, BusError>] = []
        for ending in endings {
            if let answer = bus.answer(to: ending.delivery) {
                answers.append(answer)
            } else {
                answers += await inner.settle([ending])
            }
        }
        return answers
    }

    func heartbeat(_ deliveries: [Delivery]) async throws(BusError) -> [Bool] {
        try bus.check()
        return try await inner.heartbeat(deliveries)
    }

    func release(_ deliveries: [Delivery]) async throws(BusError) {
        try bus.check()
        try await inner.release(deliveries)
    }

    func close() async { await inner.close() }
}
