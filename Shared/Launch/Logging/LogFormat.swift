import Events
import FoundationEssentials
import Logging

/// How log lines look.
package enum LogFormat: String, Sendable, CaseIterable {
    /// For people: aligned, coloured on a terminal.
    case text
    /// For machines: one JSON object a line.
    case json
}

/// One log event, before it becomes a line.
struct LogEntry {
    let time: Date
    let level: Logger.Level
    let service: String
    let message: String
    let metadata: Logger.Metadata

    var timestamp: String { EventCoding.string(from: time) }
}
