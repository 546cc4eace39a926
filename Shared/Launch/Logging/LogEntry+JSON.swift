import Logging

extension LogEntry {
    /// `{"time":…,"level":…,"service":…,"message":…,` then the metadata in order of its keys `}`.
    var json: String {
        let fixed = [
            ("time", timestamp.jsonQuoted), ("level", "\(level)".jsonQuoted), ("service", service.jsonQuoted),
            ("message", message.jsonQuoted),
        ]
        let rest = metadata.sorted { $0.key < $1.key }.map { key, value in
            (fixed.contains { $0.0 == key } ? key + "_" : key, value.json(depth: 0))
        }
        return "{" + (fixed + rest).map { "\($0.0.jsonQuoted):\($0.1)" }.joined(separator: ",") + "}"
    }
}

extension Logger.MetadataValue {
    /// Deep values end as text, so that no value can exhaust the stack.
    fileprivate func json(depth: Int) -> String {
        switch self {
        case .array(let values) where depth < 8:
            "[" + values.map { $0.json(depth: depth + 1) }.joined(separator: ",") + "]"
        case .dictionary(let values) where depth < 8:
            "{"
                + values.sorted { $0.key < $1.key }.map { "\($0.key.jsonQuoted):\($0.value.json(depth: depth + 1))" }
                .joined(separator: ",") + "}"
        default: "\(self)".jsonQuoted
        }
    }
}
