import FoundationEssentials

extension Environment {
    /// An `http` or `https` address without query, fragment, credentials or trailing slash.
    package func url(_ name: String, default standard: String) throws(SettingsError) -> String {
        guard let text = value(name) else { return standard }
        guard Self.isPlainAddress(text), let url = URL(string: text), let host = url.host(), !host.isEmpty,
            ["http", "https"].contains(url.scheme), url.user() == nil, url.query() == nil, url.fragment() == nil
        else { throw SettingsError(name, value: text, isNot: "an address like https://media.example.org") }
        return text.last == "/" ? String(text.dropLast()) : text
    }

    private static func isPlainAddress(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x21...0x7e).contains($0) && !#""<>\^`{|}"#.utf8.contains($0) }
    }
}
