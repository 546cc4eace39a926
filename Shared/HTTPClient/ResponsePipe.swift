import Synchronization

struct ResponseHead: Sendable {
    let status: Int
    let headers: [(name: String, value: String)]
}

/// Hands a response from the engine's thread to one reader and holds at most about `capacity` bytes of it: the engine
/// pauses the transfer until the reader has taken them.
final class ResponsePipe: Sendable {
    enum Verdict { case taken, pause, tooLarge }

    private struct State {
        var head: ResponseHead?
        var buffer: [UInt8] = []
        var received = 0
        var isPaused = false
        /// Set once the exchange is over; a failure if it did not end well.
        var end: Result<Void, HTTPClientError>?
        var waiter: CheckedContinuation<Void, Never>?

        var failure: HTTPClientError? {
            guard case .failure(let error) = end else { return nil }
            return error
        }
    }

    private let state = Mutex(State())
    private let limit: Int
    private let capacity: Int
    private let resume: @Sendable () -> Void

    /// - Parameter resume: asks the engine to go on with a paused transfer.
    init(limit: Int, capacity: Int = 256 << 10, resume: @escaping @Sendable () -> Void) {
        self.limit = limit
        self.capacity = capacity
        self.resume = resume
    }

    // MARK: the engine's side

    func receive(_ head: ResponseHead) { update { $0.head = head } }

    func receive(_ bytes: UnsafeRawBufferPointer) -> Verdict {
        update { state in
            guard state.received + bytes.count <= limit else { return .tooLarge }
            state.isPaused = !state.buffer.isEmpty && state.buffer.count + bytes.count > capacity
            guard !state.isPaused else { return .pause }
            state.buffer += bytes
            state.received += bytes.count
            return .taken
        }
    }

    func finish(_ result: Result<Void, HTTPClientError>) { update { $0.end = $0.end ?? result } }

    // MARK: the reader's side

    func head() async -> Result<ResponseHead, HTTPClientError> {
        await wait { $0.head == nil && $0.end == nil }
        return state.withLock { state in
            if let head = state.head { return .success(head) }
            return .failure(state.failure ?? HTTPClientError(.other, "the response has no head"))
        }
    }

    func next() async -> Result<[UInt8]?, HTTPClientError> {
        await wait { $0.buffer.isEmpty && $0.end == nil }
        let (bytes, wasPaused, failure) = state.withLock { state in
            defer {
                state.buffer = []
                state.isPaused = false
            }
            return (state.buffer, state.isPaused, state.failure)
        }
        if wasPaused { resume() }
        if !bytes.isEmpty { return .success(bytes) }
        return failure.map { .failure($0) } ?? .success(nil)
    }

    /// A change that wakes the reader is not always the one it waits for: it looks again each time.
    private func wait(while isMissing: @Sendable (borrowing State) -> Bool) async {
        while state.withLock({ isMissing($0) }) {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    guard isMissing(state) else { return false }
                    state.waiter = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        }
    }

    private func update<Value: Sendable>(_ change: (inout State) -> Value) -> Value {
        let (value, waiter) = state.withLock { state in
            let value = change(&state)
            defer { state.waiter = nil }
            return (value, state.waiter)
        }
        waiter?.resume()
        return value
    }
}
