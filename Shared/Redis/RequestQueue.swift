import Glibc
import Synchronization

/// What waits for a connection and what is on its way, shared by callers and the connection.
final class RequestQueue: Sendable {
    struct Request: Sendable {
        let id: Int
        /// How many replies there will be.
        let commands: Int
        let bytes: [UInt8]
        /// How many of the bytes are on their way already.
        var sentBytes = 0
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
        /// Whether bytes may be written to the socket as they are.
        var isPlain = false

        /// Sends at once what nothing is before: so the server has it before the connection's thread is awake.
        mutating func sendFirst() {
            guard !isServed, waiting.count == 1, isPlain, let socket else { return }
            waiting[0].sentBytes = waiting[0].bytes.withUnsafeBytes { bytes in
                max(0, send(socket, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL)))
            }
            if waiting[0].sentBytes > 0 { sent = [waiting[0].id] }
        }
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
            state.sendFirst()
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
                defer { commands += request.commands }
                return commands < Self.batchLimit
            }.count
            let batch = Array(state.waiting.prefix(count))
            state.waiting.removeFirst(count)
            state.sent = batch.map(\.id)
            state.isServed = !batch.isEmpty
            return batch
        }
    }

    /// Tells where to send, and what to shut down to interrupt what is on its way.
    func connected(_ socket: Int32, isPlain: Bool) {
        state.withLock { ($0.socket, $0.isPlain) = (socket, isPlain) }
    }

    /// The socket is about to be closed, between two batches or because one failed. What was sent by its caller fails with it.
    func disconnected() {
        let lost = state.withLock { state in
            state.socket = nil
            defer { state.waiting.removeAll { $0.sentBytes > 0 } }
            return state.waiting.filter { $0.sentBytes > 0 }
        }
        for request in lost { request.continuation.resume(returning: .failure(RedisError(.unavailable, "closed"))) }
    }

    /// What was sent has been answered: cancelling it does nothing from now on.
    func answered() { state.withLock { $0.sent = [] } }

    /// Fails a request that waits, or breaks the connection that it waits on.
    func cancel(_ id: Int) {
        let request: Request? = state.withLock { state in
            if state.sent.contains(id) {
                if let socket = state.socket { shutdown(socket, Int32(SHUT_RDWR)) }
            } else if let index = state.waiting.firstIndex(where: { $0.id == id }) {
                return state.waiting.remove(at: index)
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
