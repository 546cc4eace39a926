/// Lays out JSON for people without reading it: every number and every escape stays as it was written, and what is no JSON at
/// all comes out as text.
enum JSONLayout {
    /// Deeper levels stay on the line: otherwise some brackets of a hostile text would become megabytes of blanks.
    private static let deepest = 16

    static func indented(_ text: String) -> String {
        guard let first = text.unicodeScalars.first(where: { !isBlank($0) }), first == "{" || first == "[" else {
            return text.escaped
        }
        var layout = Layout()
        for scalar in text.unicodeScalars { layout.add(scalar) }
        return String(layout.out)
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { [" ", "\t", "\n", "\r"].contains(scalar) }

    private struct Layout {
        var out = String.UnicodeScalarView()
        private var depth = 0
        private var isInString = false
        private var isEscaped = false
        /// A bracket has just been opened: closed at once, it stays on the line.
        private var isFresh = false

        mutating func add(_ scalar: Unicode.Scalar) {
            if isInString { return addInString(scalar) }
            guard !isBlank(scalar) else { return }
            let isClosing = scalar == "}" || scalar == "]"
            if isClosing { depth = max(0, depth - 1) }
            // `{}` stays together.
            if isFresh != isClosing { breakLine() }
            isFresh = false
            write(scalar)
        }

        private mutating func breakLine() {
            guard depth < deepest else { return }
            out.append("\n")
            out.append(contentsOf: String(repeating: " ", count: depth * 2).unicodeScalars)
        }

        private mutating func write(_ scalar: Unicode.Scalar) {
            out.append(contentsOf: scalar.escapedIfNeeded.unicodeScalars)
            switch scalar {
            case "{", "[": (depth, isFresh) = (depth + 1, true)
            case ",": breakLine()
            case ":": out.append(" ")
            case "\"": isInString = true
            default: break
            }
        }

        private mutating func addInString(_ scalar: Unicode.Scalar) {
            out.append(contentsOf: scalar.escapedIfNeeded.unicodeScalars)
            switch scalar {
            case _ where isEscaped: isEscaped = false
            case "\\": isEscaped = true
            case "\"": isInString = false
            default: break
            }
        }
    }
}
