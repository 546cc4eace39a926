import Glibc
import Synchronization

/// What waits for a connection and what is on its way, shared by callers and the connection.
final class RequestQueue: Sendable {
    struct Request: Sendable {
        let id: Int
        let commands: [RedisCommand]
        let continuation: CheckedContinuation<Result<[RedisValue], RedisError>, Never>
    }

    private struct State {
        var nextID = 0
        var waiting: [Request] = []
        var sent: [Int] = []
        /// Cancelled before they came to wait here.
        var cancelled: Set<Int> = []
        var isServed = false
        var socket: Int32?
    }

    /// More commands than this do not go out together.
    private static let batchLimit = 1000
    private let state = Mutex(State())

    func newID() -> Int {
        state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
    }

    /// - Returns: whether nobody serves the queue, so that the caller must see to it.
    func add(_ request: Request) -> Bool {
        let answer: Bool? = state.withLock { state in
            guard state.cancelled.remove(request.id) == nil else { return nil }
            state.waiting.append(request)
            defer { state.isServed = true }
            return !state.isServed
        }
        if answer == nil { request.continuation.resume(returning: .failure(.cancelled)) }
        return answer ?? false
    }

    /// The next requests to send together; empty when there are none, and then nobody serves the queue any more.
    func next() -> [Request] {
        state.withLock { state in
            var commands = 0
            let count = state.waiting.prefix { request in
                defer { commands += request.commands.count }
                return commands < Self.batchLimit
            }.count
            let batch = Array(state.waiting.prefix(count))
            state.waiting.removeFirst(count)
            state.sent = batch.map(\.id)
            state.isServed = !batch.isEmpty
            return batch
        }
    }

    /// Tells which socket to shut down to interrupt what is on its way; nil before it is closed.
    func connected(_ socket: Int32?) { state.withLock { $0.socket = socket } }

    /// What was sent has been answered: cancelling it does nothing from now on.
    func answered() { state.withLock { $0.sent = [] } }

    /// Fails a request that waits, or breaks the connection that it waits on.
    func cancel(_ id: Int) {
        let request: Request? = state.withLock { state in
            if let index = state.waiting.firstIndex(where: { $0.id == id }) { return state.waiting.remove(at: index) }
            if state.sent.contains(id) {
                if let socket = state.socket { shutdown(socket, Int32(SHUT_RDWR)) }
            } else {
                state.cancelled.insert(id)
            }
            return nil
        }
        request?.continuation.resume(returning: .failure(.cancelled))
    }

    /// The caller is done with its request.
    func forget(_ id: Int) { state.withLock { _ = $0.cancelled.remove(id) } }
}

extension RedisError {
    static let cancelled = RedisError(.unavailable, "cancelled")
}
