import FoundationEssentials

/// The outermost fields of an envelope that is written as `EventCoding` writes it: ten fields, no space between them, no escapes
/// in the nine that are short texts. Found without looking into its data, which takes a tenth of the time of decoding it all.
struct EnvelopeText {
    enum Field: Int, CaseIterable {
        case datacontenttype, dataschema, id, source, specversion, subject, time, traceparent, type

        /// The names, in their order here.
        fileprivate static let names = allCases.map { Array("\($0)".utf8) }
    }

    private var texts = [String?](repeating: nil, count: Field.allCases.count)
    private(set) var data = Data()

    /// Nil for everything that is written in any other way, be it valid or not.
    init?(_ text: String) {
        var text = text
        let isRead = text.withUTF8 { bytes in
            var cursor = Cursor(bytes)
            return read(&cursor)
        }
        guard isRead, !data.isEmpty, !texts.contains(nil) else { return nil }
    }

    subscript(field: Field) -> String { texts[field.rawValue] ?? "" }

    private mutating func read(_ cursor: inout Cursor) -> Bool {
        guard cursor.skip("{") else { return false }
        repeat {
            guard let name = cursor.quoted(), cursor.skip(":") else { return false }
            if name.elementsEqual("data".utf8) {
                guard data.isEmpty, let object = cursor.object() else { return false }
                data = Data(object)
            } else {
                guard let field = Field.names.firstIndex(where: name.elementsEqual), texts[field] == nil,
                    let text = cursor.quoted()
                else { return false }
                texts[field] = String(decoding: text, as: UTF8.self)
            }
        } while cursor.skip(",")
        return cursor.skip("}") && cursor.isAtEnd
    }
}

private struct Cursor {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { place == bytes.count }

    mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        guard place < bytes.count, bytes[place] == UInt8(ascii: mark) else { return false }
        place += 1
        return true
    }

    /// What stands in a string without escapes.
    mutating func quoted() -> UnsafeBufferPointer<UInt8>? {
        guard skip("\"") else { return nil }
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            guard bytes[place] >= 0x20, bytes[place] != UInt8(ascii: "\\") else { return nil }
            place += 1
        }
        defer { place += 1 }
        return place < bytes.count ? UnsafeBufferPointer(rebasing: bytes[start..<place]) : nil
    }

    /// From an opening brace to the one that closes it. Whether it is valid is for its decoder to find.
    mutating func object() -> UnsafeBufferPointer<UInt8>? {
        guard place < bytes.count, bytes[place] == UInt8(ascii: "{") else { return nil }
        let start = place
        var (depth, isQuoted) = (0, false)
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\\") where isQuoted: place += 1
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "{") where !isQuoted: depth += 1
            case UInt8(ascii: "}") where !isQuoted:
                depth -= 1
                if depth == 0 { return UnsafeBufferPointer(rebasing: bytes[start..<place]) }
            default: break
            }
        }
        return nil
    }
}
