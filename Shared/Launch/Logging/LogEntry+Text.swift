import Logging

extension LogEntry {
    /// `2026-05-01T12:00:00.000Z INFO  metadata  message  key=value key="a value"`
    func text(isColoured: Bool) -> String {
        let name = "\(level)".uppercased()
        let padded = name + String(repeating: " ", count: max(0, 8 - name.utf8.count))
        let label = isColoured ? "\(colour)\(padded)\(Self.plain)" : padded
        let values = metadata.sorted { $0.key < $1.key }.map { " \($0.key.escapedForLog)=\($0.value.text)" }
        let tail = values.isEmpty ? "" : " " + values.joined()
        let shownTail = isColoured && !tail.isEmpty ? "\(Self.dim)\(tail)\(Self.plain)" : tail
        return "\(timestamp) \(label) \(service)  \(message.escapedForLog)\(shownTail)"
    }

    private var colour: String {
        switch level {
        case .critical, .error: "\u{1b}[31m"
        case .warning: "\u{1b}[33m"
        case .notice, .info: "\u{1b}[32m"
        case .debug, .trace: Self.dim
        }
    }

    private static let dim = "\u{1b}[2m"
    private static let plain = "\u{1b}[0m"
}

extension Logger.MetadataValue {
    /// Quoted where blanks or quotes would make it ambiguous.
    fileprivate var text: String {
        let value = "\(self)"
        let isPlain = !value.isEmpty && !value.contains { $0 == " " || $0 == "\"" || $0 == "=" || $0 == "\\" }
        return isPlain ? value.escapedForLog : value.jsonQuoted
    }
}
