import HTTPTypes
package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// Serves a router over HTTP/1.1 until graceful shutdown, then finishes what is in flight. Bodies stream in both directions.
package struct HTTPService: Service {
    package struct Limits: Sendable {
        /// Bytes of all header fields together.
        package var headerBytes = 32 * 1024
        package var headerFields = 100
        /// A connection that sends nothing for this long while we wait for it is closed.
        package var idleTimeout: Duration = .seconds(60)
        /// More wait in the listen queue.
        package var connections = 4096

        package init() {}
    }

    private let application: Application<Entrance<RouterResponder<MillraceContext>>>
    private let port: BoundPort

    /// - Parameter port: 0 takes a free one; see `boundPort`.
    package init(
        router: Router<MillraceContext>, host: String, port: Int, limits: Limits = Limits(), logger: Logger
    ) {
        router.refuseOtherMethods()
        let bound = BoundPort()
        self.port = bound
        application = Application(
            responder: Entrance(inner: router.buildResponder()),
            server: HTTPServerBuilder { HTTPConnection(limits: limits, responder: $0) },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), backlog: 1024,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: logger)),
            onServerRunning: { channel in bound.resolve(.success(channel.localAddress?.port ?? port)) },
            logger: logger)
    }

    /// Where the server listens, as soon as it does.
    /// - Throws: what kept it from listening.
    package func boundPort() async throws -> Int { try await port.value() }

    package func run() async throws {
        do { try await application.run() } catch {
            port.resolve(.failure(error))
            throw error
        }
    }
}
