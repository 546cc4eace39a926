import Hummingbird
import Logging
import Messaging
import NIOCore
import ServiceLifecycle
import Synchronization

@testable import HTTPServer

/// Runs `body` against a server on a free port, shuts it down gracefully, and returns what it logged.
@discardableResult
func withServer(
    limits: HTTPService.Limits = .init(), translating: @escaping ErrorTranslation = { _ in nil },
    routes: (Router<MillraceContext>) -> Void = { _ in }, _ body: (Int) async throws -> Void
) async throws -> [LoggedLine] {
    let log = RecordedLog()
    let router = makeRouter(translating: translating)
    routes(router)
    let service = HTTPService(router: router, host: "127.0.0.1", port: 0, limits: limits, logger: log.logger)
    let group = ServiceGroup(services: [service], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await withThrowingTaskGroup { tasks in
        tasks.addTask { try await group.run() }
        try await body(try await service.boundPort())
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
    return log.lines
}

struct LoggedLine: Sendable {
    let level: Logger.Level
    let message: String
    let metadata: [String: String]
}

/// Keeps what was logged.
final class RecordedLog: Sendable {
    private let storage = Mutex<[LoggedLine]>([])
    var lines: [LoggedLine] { storage.withLock { $0 } }
    var logger: Logger { Logger(label: "server") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var logLevel = Logger.Level.debug
        var metadata: Logger.Metadata = [:]
        var metadataProvider: Logger.MetadataProvider?

        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            var all = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
            all["traceparent"] = LogContext.current?.traceparent
            log.storage.withLock { $0.append(LoggedLine(level: event.level, message: "\(event.message)", metadata: all)) }
        }
    }
}
