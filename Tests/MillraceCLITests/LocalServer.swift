import HTTPServer
import Hummingbird
import Logging
import ServiceLifecycle

/// A server on loopback for the routes of one test; it ends with `stop`.
struct LocalServer: Sendable {
    let url: String
    private let group: ServiceGroup
    private let running: Task<Void, any Error>

    /// - Parameter port: 0 takes a free one.
    init(port: Int = 0, _ addRoutes: (Router<MillraceContext>) -> Void) async throws {
        let (router, logger) = (makeRouter(), Logger(label: "server", factory: { _ in SwiftLogNoOpLogHandler() }))
        addRoutes(router)
        let server = HTTPService(router: router, host: "127.0.0.1", port: port, logger: logger)
        group = ServiceGroup(services: [server], logger: logger)
        running = Task { [group] in try await group.run() }
        url = "http://127.0.0.1:\(try await server.boundPort())"
    }

    func stop() async throws {
        await group.triggerGracefulShutdown()
        try await running.value
    }
}
