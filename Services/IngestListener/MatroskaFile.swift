import Events

/// Matroska and WebM, by the document type in the EBML header.
///
/// Source: RFC 8794, sections 4, 5 and 11.2.
enum MatroskaFile {
    static func recognise(_ prefix: ArraySlice<UInt8>) -> FileType? {
        let bytes = Array(prefix)
        guard bytes.starts(with: [0x1a, 0x45, 0xdf, 0xa3]), let header = size(bytes, at: 4) else { return nil }
        var position = header.end
        let end = min(bytes.count, header.end + header.value)
        while position + 2 <= end {
            // All elements of the header but the checksum and the fillers (one byte) have ids of two bytes.
            let idLength = bytes[position] & 0x80 != 0 ? 1 : 2
            guard let content = size(bytes, at: position + idLength), content.end + content.value <= end else { break }
            if bytes[position] == 0x42, bytes[position + 1] == 0x82 {
                let name = bytes[content.end..<content.end + content.value].prefix { $0 != 0 }
                return types[String(decoding: name, as: UTF8.self)] ?? other
            }
            position = content.end + content.value
        }
        return other
    }

    private static let other = FileType("an EBML document")
    private static let types = [
        "matroska": FileType("a Matroska video", .mkv),
        "webm": FileType("a WebM video", .webm),
    ]

    /// A length in EBML's own form: as many bytes as there are zero bits before the first one, and one.
    private static func size(_ bytes: [UInt8], at position: Int) -> (value: Int, end: Int)? {
        guard position < bytes.count else { return nil }
        let length = bytes[position].leadingZeroBitCount + 1
        guard length <= 8, position + length <= bytes.count else { return nil }
        let mask = length == 8 ? 0 : UInt8(0xff) >> length
        let value = bytes[position + 1..<position + length].reduce(Int(bytes[position] & mask)) { $0 << 8 | Int($1) }
        return (min(value, 1 << 32), position + length)
    }
}
