/// `NAME=value,NAME="value"`. Source: RFC 8216, 4.2.
package struct AttributeList: Sendable, Hashable {
    private var values: [String: String] = [:]
    private var quoted: Set<String> = []

    init(_ text: Substring) throws(FormatError) {
        var rest = text.utf8[...]
        while !rest.isEmpty {
            let (name, value, isQuoted) = try Self.next(&rest)
            guard values.updateValue(value, forKey: name) == nil else { throw FormatError(.malformed, "\(name) twice") }
            if isQuoted { quoted.insert(name) }
        }
    }

    private static func next(_ rest: inout Substring.UTF8View) throws(FormatError) -> (String, String, Bool) {
        let name = rest.prefix { $0 != UInt8(ascii: "=") }
        guard !name.isEmpty, name.allSatisfy(isNameByte), name.count < rest.count else {
            throw FormatError(.malformed, "an attribute list near \"\(String(String(rest.prefix(20)) ?? "").printable)\"")
        }
        rest = rest.dropFirst(name.count + 1)
        let isQuoted = rest.first == UInt8(ascii: "\"")
        if isQuoted { rest = rest.dropFirst() }
        let value = rest.prefix { $0 != UInt8(ascii: isQuoted ? "\"" : ",") }
        rest = rest.dropFirst(value.count)
        if isQuoted { guard rest.popFirst() != nil else { throw FormatError(.truncated, "a quoted string") } }
        guard rest.isEmpty || rest.popFirst() == UInt8(ascii: ",") else {
            throw FormatError(.malformed, "no comma behind \(String(Substring(name)))")
        }
        return (String(Substring(name)), String(Substring(value)), isQuoted)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (65...90).contains(byte) || (48...57).contains(byte) || byte == 45
    }

    /// The text between quotes.
    package func string(_ name: String) -> String? { quoted.contains(name) ? values[name] : nil }

    /// What stands without quotes.
    package func enumerated(_ name: String) -> String? { quoted.contains(name) ? nil : values[name] }

    /// Source: RFC 8216, 4.2: a decimal-integer has at most 20 digits.
    package func integer(_ name: String) -> Int? {
        enumerated(name).flatMap { $0.utf8.allSatisfy { (48...57).contains($0) } ? Int($0) : nil }
    }

    package func decimal(_ name: String) -> Double? {
        enumerated(name).flatMap { $0.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 } ? Double($0) : nil }
    }

    package func resolution(_ name: String) -> (width: Int, height: Int)? {
        let sides = enumerated(name)?.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) } ?? []
        guard sides.count == 2, let width = sides[0], let height = sides[1] else { return nil }
        return (width, height)
    }
}
