import Glibc
import Logging
import Messaging

/// Sends every logger's lines to standard error. Once a process.
func bootstrapLogging(service: String, format: LogFormat, level: Logger.Level) {
    let isColoured = format == .text && isatty(STDERR_FILENO) == 1
    LoggingSystem.bootstrap(
        { _, provider in
            LineLogHandler(
                logLevel: level, metadataProvider: provider, service: service, format: format, isColoured: isColoured,
                write: writeToStandardError)
        }, metadataProvider: .logContext)
}

extension Logger.MetadataProvider {
    /// Which media and trace the current event or request belongs to.
    static let logContext = Logger.MetadataProvider {
        guard let context = LogContext.current else { return [:] }
        var metadata: Logger.Metadata = [:]
        metadata["mediaId"] = context.mediaId.map { "\($0)" }
        metadata["traceparent"] = context.traceparent.map { "\($0)" }
        metadata["eventId"] = context.eventId.map { "\($0)" }
        return metadata
    }
}

/// One system call a line, so that lines of concurrent tasks do not mix. A line that cannot be written is lost.
@Sendable func writeToStandardError(_ line: String) {
    var line = line
    line.withUTF8 { bytes in
        var rest = UnsafeRawBufferPointer(bytes)
        while let start = rest.baseAddress, !rest.isEmpty {
            let count = write(STDERR_FILENO, start, rest.count)
            guard count > 0 || errno == EINTR else { return }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(0, count)))
        }
    }
}
