import Synchronization

/// Collects what is added while an earlier batch is on its way, and hands it on together.
package final class Batcher<Item: Sendable>: Sendable {
    private struct State {
        var waiting: [Item] = []
        var isSending = false
        /// More is about to come.
        var isCollecting = false

        /// Whether somebody must begin to send now.
        mutating func mustSend() -> Bool {
            guard !isSending, !isCollecting, !waiting.isEmpty else { return false }
            isSending = true
            return true
        }
    }

    private let limit: Int
    private let send: @Sendable ([Item]) async -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: how many items go together at most.
    ///   - send: is never run twice at once.
    package init(limit: Int, send: @escaping @Sendable ([Item]) async -> Void) {
        self.limit = limit
        self.send = send
    }

    package func add(_ item: Item) {
        sendIfNeeded { $0.waiting.append(item) }
    }

    /// What is added while `body` runs, by whomever, goes together. Not to be nested.
    package func together(_ body: () -> Void) {
        sendIfNeeded { $0.isCollecting = true }
        body()
        sendIfNeeded { $0.isCollecting = false }
    }

    private func sendIfNeeded(after change: (inout State) -> Void) {
        let mustSend = state.withLock { state in
            change(&state)
            return state.mustSend()
        }
        if mustSend { Task { await self.sendAll() } }
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
