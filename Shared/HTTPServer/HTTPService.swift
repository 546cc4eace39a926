import Glibc
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
    private let port = Once<Int>()
    private let address: String

    /// - Parameter port: 0 takes a free one; see `boundPort`.
    package init(
        router: Router<MillraceContext>, host: String, port: Int, limits: Limits = Limits(), logger: Logger
    ) {
        router.refuseOtherMethods()
        address = "\(host):\(port)"
        // Hummingbird's own lines would double ours; the access log and failures come from here.
        var quiet = logger
        quiet.logLevel = .critical
        application = Application(
            responder: Entrance(inner: router.buildResponder(), logger: logger),
            server: HTTPServerBuilder { HTTPConnection(limits: limits, responder: $0) },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), backlog: 1024,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: quiet)),
            onServerRunning: { [bound = self.port] channel in
                let port = channel.localAddress?.port ?? port
                logger.info("listening", metadata: ["host": "\(host)", "port": "\(port)"])
                bound.resolve(.success(port))
            },
            logger: quiet)
    }

    /// Where the server listens, as soon as it does.
    /// - Throws: what kept it from listening.
    package func boundPort() async throws -> Int { try await port.value() }

    package func run() async throws {
        do { try await application.run() } catch let error as CancellationError {
            port.resolve(.failure(error))
        } catch {
            let failure = ListenError(address: address, cause: error)
            port.resolve(.failure(failure))
            throw failure
        }
    }
}

/// The address is taken, not ours, or not allowed.
package struct ListenError: Error, CustomStringConvertible {
    package let description: String

    init(address: String, cause: any Error) {
        let reason = (cause as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(cause)"
        description = "cannot listen on \(address): \(reason)"
    }
}
