import Glibc
import Testing

@testable import Redis

/// What a caller sends itself ends with the connection that it was sent on.
@Suite struct RequestQueueTests {
    private let queue = RequestQueue()
    private let socket: Int32
    private let server: Int32

    init() {
        var pair: [Int32] = [0, 0]
        socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0, &pair)
        (socket, server) = (pair[0], pair[1])
        queue.connected(socket, isPlain: true)
    }

    @Test func sendsAtOnceWhatNothingIsBefore() async throws {
        let first = await ask("PING\r\n")
        #expect(received == "PING\r\n")
        let second = await ask("ECHO\r\n")
        #expect(received == "", "it goes out in the next batch")
        let batch = queue.next()
        #expect(batch.map(\.sentBytes) == [6, 0])
        for request in batch { request.continuation.resume(returning: .success([])) }
        for request in [first, second] { #expect(await request.value.failure == nil) }
    }

    @Test func failsWithTheConnectionBeforeItIsServed() async throws {
        let request = await ask("PING\r\n")
        queue.disconnected()
        #expect(await request.value.failure?.code == .unavailable)
        #expect(queue.next().isEmpty)
    }

    @Test func isInterruptedBeforeItIsServed() async throws {
        let request = await ask("XREAD\r\n", id: 7)
        queue.cancel(7)
        var byte: UInt8 = 0
        _ = received
        #expect(recv(server, &byte, 1, 0) == 0, "the connection is shut down")
        queue.disconnected()
        #expect(await request.value.failure != nil)
    }

    /// Returns when the request is in the queue.
    private func ask(_ text: String, id: Int = 1) async -> Task<Result<[RedisValue], RedisError>, Never> {
        Task.immediate {
            await withCheckedContinuation { continuation in
                _ = queue.add(.init(id: id, commands: 1, bytes: Array(text.utf8), continuation: continuation))
            }
        }
    }

    private var received: String {
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = recv(server, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}

extension Result {
    fileprivate var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}
