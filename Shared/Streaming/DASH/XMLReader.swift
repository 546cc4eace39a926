/// Reads XML of a bounded size into elements; declarations of types, and with them entities, are refused.
///
/// Source: W3C XML 1.0.
struct XMLReader {
    static let maxSize = 16 << 20
    private static let maxDepth = 32
    private static let maxElements = 200_000

    private var rest: ArraySlice<UInt8>
    private var open: [XMLElement] = []
    private var elements = 0

    static func root(of bytes: [UInt8]) throws(FormatError) -> XMLElement {
        guard bytes.count <= maxSize else { throw FormatError(.tooLarge, "XML of \(bytes.count) bytes") }
        var reader = XMLReader(rest: bytes[...])
        return try reader.root()
    }

    private init(rest: ArraySlice<UInt8>) { self.rest = rest }

    private mutating func root() throws(FormatError) -> XMLElement {
        while !rest.isEmpty {
            let text = take(until: UInt8(ascii: "<"))
            if !open.isEmpty, !text.allSatisfy(Self.isBlank) { open[open.count - 1].text += try Self.unescaped(text).trimmed }
            if skip("!--") {
                try skipComment()
            } else if skip("?") {
                _ = take(until: UInt8(ascii: ">"))
            } else if skip("!") {
                throw FormatError(.unsupported, "a declaration in XML")
            } else if let root = try readTag() {
                return root
            }
        }
        throw FormatError(.truncated, "XML without end")
    }

    /// - Returns: the root, when this tag closes it.
    private mutating func readTag() throws(FormatError) -> XMLElement? {
        if skip("/") {
            let name = takeName()
            skipBlanks()
            guard skip(">"), let element = open.popLast(), element.name == name else {
                throw FormatError(.malformed, "XML tags crosswise")
            }
            return close(element)
        }
        elements += 1
        guard elements <= Self.maxElements, open.count < Self.maxDepth else {
            throw FormatError(.tooLarge, "XML too deep or long")
        }
        let (element, isClosed) = try readOpening()
        if isClosed { return close(element) }
        open.append(element)
        return nil
    }

    private mutating func close(_ element: XMLElement) -> XMLElement? {
        guard !open.isEmpty else { return element }
        open[open.count - 1].children.append(element)
        return nil
    }

    private mutating func readOpening() throws(FormatError) -> (XMLElement, isClosed: Bool) {
        let name = takeName()
        guard !name.isEmpty else { throw FormatError(.malformed, "an XML tag without name") }
        var attributes: [XMLElement.Attribute] = []
        while true {
            skipBlanks()
            if skip("/>") { return (XMLElement(name, parsed: attributes), true) }
            if skip(">") { return (XMLElement(name, parsed: attributes), false) }
            let attribute = try readAttribute()
            guard attributes.count < 64, !attributes.contains(where: { $0.name == attribute.name }) else {
                throw FormatError(.malformed, "XML attributes of \(name.printable)")
            }
            attributes.append(attribute)
        }
    }

    private mutating func readAttribute() throws(FormatError) -> XMLElement.Attribute {
        let name = takeName()
        skipBlanks()
        guard !name.isEmpty, skip("=") else { throw FormatError(.malformed, "an XML attribute") }
        skipBlanks()
        guard let quote = rest.popFirst(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw FormatError(.malformed, "an XML attribute without quotes")
        }
        return XMLElement.Attribute(name: name, value: try Self.unescaped(take(until: quote)))
    }
}

extension XMLReader {
    /// The bytes before `end`, which is taken as well.
    private mutating func take(until end: UInt8) -> ArraySlice<UInt8> {
        let bytes = rest.prefix { $0 != end }
        rest = rest.dropFirst(bytes.count + 1)
        return bytes
    }

    private mutating func takeName() -> String {
        let name = rest.prefix { !Self.isBlank($0) && !Self.isMark($0) }
        rest = rest.dropFirst(name.count)
        return Self.string(name)
    }

    private mutating func skip(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private mutating func skipBlanks() { rest = rest.drop(while: Self.isBlank) }

    private mutating func skipComment() throws(FormatError) {
        while !skip("-->") { guard rest.popFirst() != nil else { throw FormatError(.truncated, "an XML comment") } }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 10 || byte == 13 || byte == 9 }

    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "/"), UInt8(ascii: ">"), UInt8(ascii: "<"), UInt8(ascii: "\""), UInt8(ascii: "'"):
            true
        default: false
        }
    }

    private static func string(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) throws(FormatError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw FormatError(.malformed, "XML that is no UTF-8") }
        guard bytes.contains(UInt8(ascii: "&")) else { return text }
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
        return entities.reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
