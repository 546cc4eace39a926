import Messaging
import Synchronization

/// Collects what is submitted while an earlier batch is on its way, and sends it together.
final class Batcher<Item: Sendable, Answer: Sendable>: Sendable {
    private struct Waiting {
        let item: Item
        let continuation: CheckedContinuation<Result<Answer, BusError>, Never>
    }

    private struct State {
        var waiting: [Waiting] = []
        var isSending = false
    }

    private let limit: Int
    private let send: @Sendable ([Item]) async -> Result<[Result<Answer, BusError>], BusError>
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: how many items go together at most.
    ///   - send: answers for each item, in order.
    init(limit: Int, send: @escaping @Sendable ([Item]) async -> Result<[Result<Answer, BusError>], BusError>) {
        self.limit = limit
        self.send = send
    }

    func submit(_ item: Item) async throws(BusError) -> Answer {
        try await withCheckedContinuation { continuation in
            let mustSend = state.withLock { state in
                state.waiting.append(Waiting(item: item, continuation: continuation))
                defer { state.isSending = true }
                return !state.isSending
            }
            if mustSend { Task { await self.sendAll() } }
        }.get()
    }

    private func sendAll() async {
        while let batch = next() {
            switch await send(batch.map(\.item)) {
            case .failure(let error): for waiting in batch { waiting.continuation.resume(returning: .failure(error)) }
            case .success(let answers):
                for (index, waiting) in batch.enumerated() {
                    let answer = index < answers.count ? answers[index] : .failure(BusError("no answer"))
                    waiting.continuation.resume(returning: answer)
                }
            }
        }
    }

    private func next() -> [Waiting]? {
        state.withLock { state in
            let batch = Array(state.waiting.prefix(limit))
            state.waiting.removeFirst(batch.count)
            state.isSending = !batch.isEmpty
            return batch.isEmpty ? nil : batch
        }
    }
}
