import Synchronization

/// Collects what is added while an earlier batch is on its way, and hands it on together.
package final class Batcher<Item: Sendable>: Sendable {
    private struct State {
        var waiting: [Item] = []
        var isSending = false
        /// More is about to come.
        var isHeld = false

        /// Whether somebody must begin to send now.
        mutating func mustSend(_ limit: Int) -> Bool {
            guard !isSending, !waiting.isEmpty, !isHeld || waiting.count >= limit else { return false }
            isSending = true
            return true
        }
    }

    private let limit: Int
    private let executor: (any TaskExecutor)?
    private let send: @Sendable ([Item]) async -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: how many items go together at most.
    ///   - executor: where to send from.
    ///   - send: is never run twice at once.
    package init(
        limit: Int, on executor: (any TaskExecutor)? = nil, send: @escaping @Sendable ([Item]) async -> Void
    ) {
        self.limit = limit
        self.executor = executor
        self.send = send
    }

    package func add(_ item: Item) {
        sendIfNeeded { $0.waiting.append(item) }
    }

    /// Begins to send only when there is enough for a whole batch, or after `release`.
    package func hold() { sendIfNeeded { $0.isHeld = true } }

    package func release() { sendIfNeeded { $0.isHeld = false } }

    private func sendIfNeeded(after change: (inout State) -> Void) {
        let mustSend = state.withLock { state in
            change(&state)
            return state.mustSend(limit)
        }
        if mustSend { Task(executorPreference: executor) { await self.sendAll() } }
    }

    private func sendAll() async {
        while let batch = next() { await send(batch) }
    }

    private func next() -> [Item]? {
        state.withLock { state in
            let batch = Array(state.waiting.prefix(limit))
            state.waiting.removeFirst(batch.count)
            state.isSending = !batch.isEmpty
            return batch.isEmpty ? nil : batch
        }
    }
}
