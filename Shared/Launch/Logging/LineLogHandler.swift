import FoundationEssentials
import Logging

/// Writes each event as one line.
struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    let service: String
    let format: LogFormat
    let isColoured: Bool
    let write: @Sendable (String) -> Void

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let entry = LogEntry(
            time: Date(), level: event.level, service: service, message: "\(event.message)", metadata: allMetadata(event))
        switch format {
        case .json: write(entry.json + "\n")
        case .text: write(entry.text(isColoured: isColoured) + "\n")
        }
    }

    /// What is said last wins: the line's own values, then the context's, then the logger's.
    private func allMetadata(_ event: LogEvent) -> Logger.Metadata {
        var all = metadata
        all.merge(metadataProvider?.get() ?? [:]) { _, new in new }
        all.merge(event.metadata ?? [:]) { _, new in new }
        if let error = event.error { all["error"] = "\(error)" }
        return all
    }
}
