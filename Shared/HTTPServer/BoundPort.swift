import Synchronization

/// A port that becomes known once, or the reason why it never will.
final class BoundPort: Sendable {
    private enum State {
        case waiting([CheckedContinuation<Int, any Error>])
        case resolved(Result<Int, any Error>)
    }

    private let state = Mutex(State.waiting([]))

    /// Only the first result counts.
    func resolve(_ result: Result<Int, any Error>) {
        let waiters = state.withLock { state -> [CheckedContinuation<Int, any Error>] in
            guard case .waiting(let waiters) = state else { return [] }
            state = .resolved(result)
            return waiters
        }
        for waiter in waiters { waiter.resume(with: result) }
    }

    func value() async throws -> Int {
        try await withCheckedThrowingContinuation { waiter in
            let result = state.withLock { state -> Result<Int, any Error>? in
                switch state {
                case .waiting(let waiters):
                    state = .waiting(waiters + [waiter])
                    return nil
                case .resolved(let result): return result
                }
            }
            if let result { waiter.resume(with: result) }
        }
    }
}
