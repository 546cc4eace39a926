import FoundationEssentials

/// Times as stores write them: RFC 3339 with any number of decimals.
enum EventTime {
    static func parse(_ text: String?) -> Date? {
        guard let text, (20...40).contains(text.utf8.count) else { return nil }
        let decimals = text.dropFirst(19).hasPrefix(".") ? text.dropFirst(20).prefix { ("0"..."9").contains($0) } : ""
        let whole = text.prefix(19) + text.dropFirst(19 + (decimals.isEmpty ? 0 : decimals.count + 1))
        guard let date = try? Date(String(whole), strategy: .iso8601) else { return nil }
        return date.addingTimeInterval(Double("0.\(decimals)0") ?? 0)
    }
}
