import Events
import FoundationEssentials
import Glibc

/// What the terminal can do, and how things are written on it.
enum Terminal {
    static let isInteractive = isatty(STDOUT_FILENO) == 1
    private static let hasColours = isInteractive && environment("NO_COLOR") == nil && environment("TERM") != "dumb"

    enum Colour: String { case red = "31", green = "32", yellow = "33", grey = "90", bold = "1" }

    static func paint(_ text: String, _ colour: Colour) -> String {
        hasColours ? "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m" : text
    }

    static func paint(_ status: MediaStatus) -> String {
        switch status {
        case .ready: paint(status.rawValue, .green)
        case .failed: paint(status.rawValue, .red)
        case .uploading, .uploaded, .processing: paint(status.rawValue, .yellow)
        }
    }

    /// Prints at once, without waiting for a line's end.
    static func write(_ text: String) {
        print(text, terminator: "")
        fflush(nil)
    }

    static func printJSON(_ value: some Encodable) throws {
        write(String(decoding: try EventCoding.encode(value), as: UTF8.self) + "\n")
    }
}

extension String {
    /// Filled up with spaces, or cut with an ellipsis, to exactly `width` characters.
    func padded(_ width: Int) -> String {
        count > width ? prefix(width - 1) + "…" : self + String(repeating: " ", count: width - count)
    }

    func right(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }

    /// Without control characters: what others named must not steer the terminal.
    var harmless: String { String(unicodeScalars.map { $0.properties.generalCategory == .control ? "�" : Character($0) }) }
}

/// Decimal bytes for people: `2.9 MB`.
func humanSize(_ bytes: Int64) -> String {
    var value = Double(bytes)
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 999.5 { return unit == "B" ? "\(bytes) B" : "\(oneDecimal(value)) \(unit)" }
        value /= 1000
    }
    return "\(oneDecimal(value)) TB"
}

/// `0.42 s`.
func humanSeconds(_ seconds: Double) -> String {
    let hundredths = Int((seconds * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
}

private func oneDecimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
}
