import Testing

@testable import HTTPServer

@Suite struct OnceTests {
    @Test func theFirstResultCounts() async throws {
        let once = Once<Int>()
        async let early = once.value()
        once.resolve(.success(1))
        once.resolve(.success(2))
        #expect(try await early == 1)
        #expect(try await once.value() == 1)
    }

    @Test func waitingCanBeCancelled() async throws {
        let once = Once<Int>()
        let waiting = Task { try await once.value() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        once.resolve(.success(3))
        #expect(try await once.value() == 3)
    }
}
