/// An attribute list that is being written. Source: RFC 8216, 4.2.
struct TagWriter {
    private var attributes: [String] = []

    mutating func add(_ name: String, _ value: some CustomStringConvertible) { attributes.append("\(name)=\(value)") }

    /// Quotes and line ends cannot stand in a quoted string; they become blanks.
    mutating func add(_ name: String, quoted text: String) { attributes.append("\(name)=\"\(Self.harmless(text))\"") }

    var text: String { attributes.joined(separator: ",") }

    static func harmless(_ text: String) -> String {
        String(text.unicodeScalars.map { $0 == "\"" || $0.properties.generalCategory == .control ? " " : Character($0) })
    }
}
