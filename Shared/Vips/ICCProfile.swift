/// The little we read of an ICC profile ourselves: its name.
///
/// Source: ICC.1:2022, sections 7.2 and 7.3; the older `desc` type from ICC.1:2001-04, section 6.5.17.
struct ICCProfile {
    /// The profile description, in its first language.
    let description: String
    /// The signature of its colour space: `RGB `, `GRAY`, `CMYK`.
    let space: String

    init?(_ bytes: [UInt8]) {
        let reader = BigEndian(bytes)
        guard let space = reader.text(16, 4), let count = reader.word(128), count <= 200 else { return nil }
        self.space = space
        let tag = (0..<count).lazy.map { 132 + 12 * $0 }.first { reader.text($0, 4) == "desc" }
        description = tag.flatMap { reader.word($0 + 4) }.flatMap { Self.description(reader, at: $0) } ?? ""
    }

    private static func description(_ reader: BigEndian, at offset: Int) -> String? {
        switch reader.text(offset, 4) {
        case "desc": return reader.word(offset + 8).flatMap { reader.text(offset + 12, min($0, 100)) }
        case "mluc":
            guard let length = reader.word(offset + 20), let start = reader.word(offset + 24) else { return nil }
            return reader.wideText(offset + start, min(length, 200))
        default: return nil
        }
    }

    /// Whether pixels of this profile are sRGB already.
    var isSRGB: Bool { space == "RGB " && description.hasPrefix("sRGB") }

    /// A short word for a space that people know; nil for others.
    var shortName: String? {
        switch space {
        case "GRAY": return "gray"
        case "CMYK": return "cmyk"
        default: return Self.names.first(where: { description.contains($0.part) })?.name
        }
    }

    private static let names: [(part: String, name: String)] = [
        ("sRGB", "srgb"), ("P3", "p3"), ("Adobe RGB", "adobergb"), ("ProPhoto", "prophoto"), ("2020", "rec2020"),
    ]
}

/// Reads big-endian numbers and text that may lie outside the bytes.
private struct BigEndian {
    private let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func word(_ offset: Int) -> Int? { slice(offset, 4).map { $0.reduce(0) { $0 << 8 | Int($1) } } }

    func text(_ offset: Int, _ length: Int) -> String? {
        slice(offset, length).map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    func wideText(_ offset: Int, _ length: Int) -> String? {
        slice(offset, length).map { slice in
            let units = stride(from: slice.startIndex, to: slice.endIndex - 1, by: 2).map {
                UInt16(slice[$0]) << 8 | UInt16(slice[$0 + 1])
            }
            return String(decoding: units, as: UTF16.self)
        }
    }

    private func slice(_ offset: Int, _ length: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, length >= 0, offset <= bytes.count, length <= bytes.count - offset else { return nil }
        return bytes[offset..<offset + length]
    }
}
