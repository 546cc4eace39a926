import Synchronization

/// The deliveries that are worked on, from their arrival to their settlement: how many more may start, and how to end them.
final class InFlight: Sendable {
    private struct Entry {
        let delivery: Delivery
        /// Nil until it is known here.
        var task: Task<Void, Never>?
        var isCancelled = false
    }

    private struct State {
        var entries: [Delivery.ID: Entry] = [:]
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
    var deliveries: [Delivery] { state.withLock { $0.entries.values.map(\.delivery) } }

    /// Waits until at least one handler may start; nil once stopped.
    func freeSlots() async -> Int? {
        while true {
            let free: Int? = state.withLock { $0.isStopped ? nil : capacity - $0.entries.count }
            guard let free else { return nil }
            if free > 0 { return free }
            await change { !$0.isStopped && $0.entries.count >= self.capacity }
        }
    }

    /// Runs `body` in a task of its own, which begins on the caller's thread and leaves it where it first waits: most of the
    /// work on small events needs no other. An entry that is already here is not started twice.
    func start(_ delivery: Delivery, _ body: @escaping @Sendable () async -> Void) {
        let isNew = state.withLock { state in
            guard state.entries[delivery.id] == nil else { return false }
            state.entries[delivery.id] = Entry(delivery: delivery)
            return true
        }
        if isNew { keep(Task.immediate(operation: body), of: delivery, isFirst: true) }
    }

    /// Runs another task for a delivery that is still here.
    func goOn(_ delivery: Delivery, _ body: @escaping @Sendable () async -> Void) { keep(Task(operation: body), of: delivery) }

    /// The deliveries are settled, or no longer ours.
    func end(_ deliveries: [Delivery]) {
        guard !deliveries.isEmpty else { return }
        wake { state in
            for delivery in deliveries { state.entries[delivery.id] = nil }
        }
    }

    func cancel(_ delivery: Delivery) {
        state.withLock { state in
            state.entries[delivery.id]?.isCancelled = true
            state.entries[delivery.id]?.task?.cancel()
        }
    }

    /// - Parameter isFirst: by now there may be a second one, which stays.
    private func keep(_ task: Task<Void, Never>, of delivery: Delivery, isFirst: Bool = false) {
        let mustCancel = state.withLock { state in
            if !isFirst || state.entries[delivery.id]?.task == nil { state.entries[delivery.id]?.task = task }
            return state.entries[delivery.id]?.isCancelled ?? false
        }
        if mustCancel { task.cancel() }
    }

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
            !state.entries.isEmpty && !state.isAborted && ContinuousClock.now < deadline
        }
        while state.withLock({ isNeeded($0) }) { await change(while: isNeeded) }
    }

    /// Cancels every handler that still runs.
    /// - Returns: their deliveries.
    func cancelAll() -> [Delivery] {
        let deliveries = deliveries
        for delivery in deliveries { cancel(delivery) }
        return deliveries
    }

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
