extension XMLNode {
    /// Reads a document of at most 16 MiB, 16 levels and 200,000 elements. Document types, and with them entities of any kind but
    /// the five of XML itself and numbers, are refused; attributes, comments and processing instructions are passed over.
    ///
    /// Source: W3C XML 1.0.
    package static func parse(_ bytes: some Sequence<UInt8>) throws(XMLError) -> XMLNode {
        let bytes = Array(bytes)
        guard bytes.count <= 16 << 20 else { throw XMLError(description: "XML of \(bytes.count) bytes") }
        var parser = XMLParser(rest: bytes[...])
        return try parser.root()
    }
}

private struct XMLParser {
    private static let maxDepth = 16
    private static let maxElements = 200_000

    private var rest: ArraySlice<UInt8>
    private var open: [XMLNode] = []
    private var elements = 0

    init(rest: ArraySlice<UInt8>) { self.rest = rest }

    mutating func root() throws(XMLError) -> XMLNode {
        while !rest.isEmpty {
            let text = try take(until: "<", orEnd: open.isEmpty)
            // Text around children is layout; a parent loses it when its first child opens.
            if let last = open.indices.last, open[last].children.isEmpty { open[last].text += try Self.unescaped(text) }
            if skip("!--") {
                try skip(behind: "-->")
            } else if skip("![CDATA[") {
                let raw = try take(until: "]]>")
                if let last = open.indices.last { open[last].text += try Self.string(raw) }
            } else if skip("?") {
                try skip(behind: "?>")
            } else if skip("/") {
                if let root = try close() { return root }
            } else if !rest.isEmpty, let root = try openTag() {
                return root
            }
        }
        throw XMLError(description: "XML without end")
    }

    /// - Returns: the root, where it is empty.
    private mutating func openTag() throws(XMLError) -> XMLNode? {
        let name = takeName()
        guard !name.isEmpty else { throw XMLError(description: "a tag without name, or a declaration") }
        elements += 1
        guard elements <= Self.maxElements, open.count < Self.maxDepth else {
            throw XMLError(description: "XML too deep or long")
        }
        if let last = open.indices.last { open[last].text = "" }
        let isClosed = try skipAttributes()
        open.append(XMLNode(name))
        return isClosed ? finish() : nil
    }

    private mutating func close() throws(XMLError) -> XMLNode? {
        let name = takeName()
        rest = rest.drop(while: Self.isBlank)
        guard skip(">"), open.last?.name == name else { throw XMLError(description: "tags crosswise") }
        return finish()
    }

    private mutating func finish() -> XMLNode? {
        guard let node = open.popLast() else { return nil }
        guard let last = open.indices.last else { return node }
        open[last].children.append(node)
        return nil
    }

    /// - Returns: whether the tag closes itself. A `>` in quotes is part of a value.
    private mutating func skipAttributes() throws(XMLError) -> Bool {
        var quote: UInt8?
        var previous: UInt8 = 0
        while let byte = rest.popFirst() {
            if let open = quote {
                if byte == open { quote = nil }
            } else {
                switch byte {
                case UInt8(ascii: ">"): return previous == UInt8(ascii: "/")
                case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
                case UInt8(ascii: "<"): throw XMLError(description: "a tag in a tag")
                default: break
                }
            }
            previous = byte
        }
        throw XMLError(description: "a tag without end")
    }

    private mutating func takeName() -> String {
        let name = rest.prefix {
            !Self.isBlank($0) && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "!")
        }
        rest = rest.dropFirst(name.count)
        return String(decoding: name, as: UTF8.self)
    }
}

extension XMLParser {
    /// The bytes before `end`, which is taken as well.
    private mutating func take(until end: String, orEnd: Bool = false) throws(XMLError) -> ArraySlice<UInt8> {
        let mark = Array(end.utf8)
        var index = rest.startIndex
        while index < rest.endIndex {
            if rest[index] == mark[0], rest[index...].starts(with: mark) {
                defer { rest = rest[(index + mark.count)...] }
                return rest[..<index]
            }
            index += 1
        }
        guard orEnd else { throw XMLError(description: "XML without end") }
        defer { rest = [] }
        return rest
    }

    private mutating func skip(behind end: String) throws(XMLError) { _ = try take(until: end) }

    private mutating func skip(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 10 || byte == 13 || byte == 9 }

    private static func string(_ bytes: ArraySlice<UInt8>) throws(XMLError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw XMLError(description: "XML that is no UTF-8") }
        return text
    }

    /// By bytes: a mark behind an entity may not change what it is.
    private static func unescaped(_ bytes: ArraySlice<UInt8>) throws(XMLError) -> String {
        guard bytes.contains(UInt8(ascii: "&")) else { return try string(bytes) }
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "&") else {
                result.append(byte)
                continue
            }
            let entity = rest.prefix(10).prefix { $0 != UInt8(ascii: ";") }
            rest = rest.dropFirst(entity.count)
            guard rest.popFirst() == UInt8(ascii: ";"), let scalar = scalar(String(decoding: entity, as: UTF8.self)) else {
                throw XMLError(description: "an unknown entity")
            }
            result += String(scalar).utf8
        }
        return try string(result[...])
    }

    private static func scalar(_ entity: String) -> UnicodeScalar? {
        switch entity {
        case "lt": "<"
        case "gt": ">"
        case "quot": "\""
        case "apos": "'"
        case "amp": "&"
        case _ where entity.hasPrefix("#x"): UInt32(entity.dropFirst(2), radix: 16).flatMap(UnicodeScalar.init)
        case _ where entity.hasPrefix("#"): UInt32(entity.dropFirst(1)).flatMap(UnicodeScalar.init)
        default: nil
        }
    }
}
