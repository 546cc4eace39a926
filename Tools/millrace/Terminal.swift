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

    /// Text that others wrote stands in it: it is still JSON when what steers terminals is escaped.
    static func printJSON(_ value: some Encodable) throws {
        write(String(decoding: try EventCoding.encode(value), as: UTF8.self).escaped + "\n")
    }

    /// Replaces the line that is being written; nothing where nobody watches.
    static func writeOver(_ text: String) {
        if isInteractive { write("\r\u{1b}[2K" + text) }
    }

    /// One line, cut to the terminal's width; whole where there is none.
    static func fitting(_ line: String) -> String {
        var size = winsize()
        guard isInteractive, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return line }
        let width = Int(size.ws_col)
        return line.count > width ? line.prefix(width - 1) + "…" : line
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

extension String {
    /// With everything that steers a terminal written as an escape: control characters, other line ends, marks that reorder text.
    var escaped: String { unicodeScalars.map(\.escapedIfNeeded).joined() }
}

extension Unicode.Scalar {
    var escapedIfNeeded: String {
        switch value {
        case 0..<0x20, 0x7f...0x9f, 0x61c, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069:
            let digits = String(value, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: return String(self)
        }
    }
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

/// `8 s`, `12 min`, `3 h`, `5 d`.
func humanAge(_ seconds: Double) -> String {
    let seconds = max(0, seconds)
    let units: [(name: String, length: Double)] = [("d", 86_400), ("h", 3600), ("min", 60)]
    let unit = units.first { seconds >= 2 * $0.length } ?? ("s", 1)
    return "\(Int(min(seconds / unit.length, 1e9))) \(unit.name)"
}

private func oneDecimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
}
