extension String {
    /// For one line of text: control characters, line separators and marks that reorder text are written as escapes.
    var escapedForLog: String { escaped(alsoQuotes: false) }
    /// A JSON string with its quotes, in the same spirit.
    var jsonQuoted: String { "\"" + escaped(alsoQuotes: true) + "\"" }

    private func escaped(alsoQuotes: Bool) -> String {
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars.prefix(maximumLoggedLength) {
            switch scalar {
            case "\n": text.append(contentsOf: "\\n".unicodeScalars)
            case "\r": text.append(contentsOf: "\\r".unicodeScalars)
            case "\t": text.append(contentsOf: "\\t".unicodeScalars)
            case "\"" where alsoQuotes, "\\" where alsoQuotes: text.append(contentsOf: ["\\", scalar])
            case _ where scalar.breaksLines: text.append(contentsOf: scalar.utf16Escape.unicodeScalars)
            default: text.append(scalar)
            }
        }
        if unicodeScalars.count > maximumLoggedLength { text.append("…") }
        return String(text)
    }
}

/// In scalars, of a message or one value; the rest is cut off.
private let maximumLoggedLength = 8192

extension Unicode.Scalar {
    fileprivate var breaksLines: Bool {
        switch value {
        case 0..<0x20, 0x7f...0x9f, 0x2028...0x202e, 0x2066...0x2069: true
        default: false
        }
    }

    /// `\u001b`.
    fileprivate var utf16Escape: String {
        let digits = String(value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
