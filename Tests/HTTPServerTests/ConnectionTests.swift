import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Testing

@testable import HTTPServer

@Suite struct ConnectionTests {
    @Test func slowHeadsAreCutOff() async throws {
        var limits = HTTPService.Limits()
        limits.idleTimeout = .milliseconds(300)
        try await withServer(limits: limits) { port async throws in
            let start = ContinuousClock.now
            #expect(try await exchange(port, "GET / HTTP/1.1\r\nHost: a\r\nX-Slow:").isEmpty)
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }

    @Test func whatIsInFlightIsFinished() async throws {
        let begun = Once<Void>()
        let router = makeRouter()
        router.get("slow") { _, _ in
            begun.resolve(.success(()))
            // In flight until after the shutdown has begun.
            try? await gracefulShutdown()
            return "done"
        }
        let log = RecordedLog()
        let service = HTTPService(router: router, host: "127.0.0.1", port: 0, logger: log.logger)
        let group = ServiceGroup(services: [service], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            let port = try await service.boundPort()
            async let answer = exchange(port, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            try await begun.value()
            await group.triggerGracefulShutdown()
            #expect(RawAnswer(try await answer).body == "done")
            try await tasks.waitForAll()
            await #expect(throws: (any Error).self) { try await exchange(port, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n") }
        }
    }

    @Test func aTakenPortIsOneClearLine() async throws {
        try await withServer { port async throws in
            let second = HTTPService(router: makeRouter(), host: "127.0.0.1", port: port, logger: RecordedLog().logger)
            let error = await #expect(throws: ListenError.self) { try await second.run() }
            #expect(error?.description == "cannot listen on 127.0.0.1:\(port): Address already in use")
            await #expect(throws: ListenError.self) { try await second.boundPort() }
        }
    }

    @Test func requestsShareAConnection() async throws {
        try await withServer(routes: { $0.get("a") { _, _ in "first" }.get("b") { _, _ in "second" } }) { port async throws in
            let request = { (path: String, end: String) in "GET /\(path) HTTP/1.1\r\nHost: a\r\n\(end)\r\n" }
            let both = try await exchange(port, request("a", "") + request("b", "Connection: close\r\n"))
            #expect(both.contains("first") && both.hasSuffix("second"))
        }
    }
}
