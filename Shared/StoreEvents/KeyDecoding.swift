/// How a dialect writes keys.
enum KeyCoding {
    case raw
    /// As HTML forms do: `+` for a blank, percent escapes for the rest.
    case form
    /// As forms do, with `/` escaped; a key with a `/` was not encoded, then.
    case formWithSlashes

    /// - Throws: `.malformed` for a broken escape, for what is no UTF-8, and for keys that no store has.
    func decode(_ text: String) throws -> String {
        guard let key = decoded(text), key.utf8.count <= 1024 else {
            throw StoreEventError(.malformed, "a key cannot be decoded")
        }
        return key
    }

    private func decoded(_ text: String) -> String? {
        switch self {
        case .raw: text
        case .formWithSlashes where text.utf8.contains(UInt8(ascii: "/")): text
        case .form, .formWithSlashes:
            Self.formDecoded(text)
        }
    }

    private static func formDecoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? { Character(UnicodeScalar(byte)).hexDigitValue.map(UInt8.init) }
}
