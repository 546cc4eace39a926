import Synchronization

/// The deliveries whose handlers are running: how many more may start, and how to end them.
final class InFlight: Sendable {
    private struct State {
        var tasks: [Delivery.ID: (delivery: Delivery, task: Task<Void, Never>)] = [:]
        var isStopped = false
        /// Nobody waits for handlers any more.
        var isAborted = false
        /// Resumed whenever a slot becomes free or the consumer stops.
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) { self.capacity = max(1, capacity) }

    var isStopped: Bool { state.withLock(\.isStopped) }
    var deliveries: [Delivery] { state.withLock { $0.tasks.values.map(\.delivery) } }

    /// Waits until at least one handler may start; nil once stopped.
    func freeSlots() async -> Int? {
        while true {
            let free: Int? = state.withLock { $0.isStopped ? nil : capacity - $0.tasks.count }
            guard let free else { return nil }
            if free > 0 { return free }
            await change { !$0.isStopped && $0.tasks.count >= self.capacity }
        }
    }

    /// Runs `body` in a task of its own. An entry that is already running here is not started twice.
    func start(_ delivery: Delivery, _ body: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            guard state.tasks[delivery.id] == nil else { return }
            let task = Task {
                await body()
                self.end(delivery)
            }
            state.tasks[delivery.id] = (delivery, task)
        }
    }

    func cancel(_ delivery: Delivery) { state.withLock { $0.tasks[delivery.id]?.task.cancel() } }

    func stop() { wake { $0.isStopped = true } }

    /// Stops, and ends every wait for handlers.
    func abort() {
        wake { state in
            state.isStopped = true
            state.isAborted = true
        }
    }

    /// Waits for every handler, at most for `limit`, and not at all once aborted.
    func wait(atMost limit: Duration) async {
        let deadline = ContinuousClock.now + limit
        let timer = Task {
            try await Task.sleep(until: deadline, clock: .continuous)
            wake { _ in }
        }
        defer { timer.cancel() }
        let isNeeded = { @Sendable (state: borrowing State) in
            !state.tasks.isEmpty && !state.isAborted && ContinuousClock.now < deadline
        }
        while state.withLock({ isNeeded($0) }) { await change(while: isNeeded) }
    }

    /// Cancels every handler that still runs.
    /// - Returns: their deliveries.
    func cancelAll() -> [Delivery] {
        state.withLock { state in
            for (_, task) in state.tasks.values { task.cancel() }
            return state.tasks.values.map(\.delivery)
        }
    }

    private func end(_ delivery: Delivery) { wake { $0.tasks[delivery.id] = nil } }

    /// Suspends until the next wake-up, unless `isNeeded` no longer holds.
    private func change(while isNeeded: @Sendable (borrowing State) -> Bool) async {
        await withCheckedContinuation { continuation in
            let mustWait = state.withLock { state in
                guard isNeeded(state) else { return false }
                state.waiters.append(continuation)
                return true
            }
            if !mustWait { continuation.resume() }
        }
    }

    private func wake(_ update: @Sendable (inout State) -> Void) {
        let waiters = state.withLock { state in
            update(&state)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
