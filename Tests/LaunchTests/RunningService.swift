import FoundationEssentials
import HTTPClient
import Logging
import Redis
import ServiceLifecycle
import TestSupport

@testable import Launch

/// The metrics system can be set only once a process: all tests share this registry.
let sharedMetrics = bootstrapMetrics()

/// One service of this process on a free port, its store in a temporary directory.
struct RunningService {
    let group: ServiceGroup
    let address: String
    let port: Int

    /// Runs `body` beside the service. When it returns, the service is shut down gracefully.
    static func run(
        redis: String, _ extra: [String: String] = [:], port: Int? = nil,
        work: @escaping @Sendable (Boot) async throws -> [any Service] = { _ in [] },
        _ body: @escaping @Sendable (RunningService) async throws -> Void
    ) async throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let port = try port ?? freePort()
        let environment = Environment(
            [
                "MILLRACE_PORT": "\(port)", "MILLRACE_REDIS_URL": redis, "MILLRACE_STORE": "file://\(directory.path)/store",
                "MILLRACE_SIGNING_KEY": String(repeating: "k", count: 32), "MILLRACE_LOG_LEVEL": "critical",
            ].merging(extra) { $1 })
        let settings = try CommonSettings(environment, service: "test", defaultPort: 1)
        let assembly = try Assembly(settings, environment, metrics: sharedMetrics)
        let service = RunningService(
            group: try await assembly.serviceGroup(work, stoppedBy: []), address: "http://127.0.0.1:\(port)", port: port)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await service.group.run() }
            tasks.addTask {
                try await body(service)
                await service.group.triggerGracefulShutdown()
            }
            while try await tasks.next() != nil {}
        }
    }

    func get(_ path: String, headers: [(String, String)] = []) async throws -> (status: Int, body: String) {
        let client = HTTPClient()
        let request = HTTPClient.Request("GET", address + path, headers: headers, timeout: .seconds(10))
        let answer = try await client.send(request)
        await client.close()
        return (answer.status, String(decoding: answer.body, as: UTF8.self))
    }
}
