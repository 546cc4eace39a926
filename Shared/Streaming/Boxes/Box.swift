/// One box of a file, its header included. Source: ISO/IEC 14496-12, 4.2.
struct Box {
    let type: String
    /// Where it lies in the file.
    let range: Range<Int>
    /// What follows the header.
    let payload: ArraySlice<UInt8>

    /// A file, or a box, with more boxes than this is refused.
    private static let maxCount = 20_000

    /// - Parameter bytes: a whole file or a part of it that keeps the file's indices.
    static func all(in bytes: ArraySlice<UInt8>) throws(FormatError) -> [Box] {
        var (boxes, rest) = ([Box](), bytes)
        while !rest.isEmpty {
            guard boxes.count < maxCount else { throw FormatError(.tooLarge, "more than \(maxCount) boxes") }
            let box = try Box(startOf: rest)
            boxes.append(box)
            rest = rest[box.range.upperBound...]
        }
        return boxes
    }

    private init(startOf bytes: ArraySlice<UInt8>) throws(FormatError) {
        var reader = ByteReader(bytes)
        var size = UInt64(try reader.u32())
        type = String(decoding: try reader.take(4), as: UTF8.self).printable
        if size == 1 { size = try reader.u64() }
        if size == 0 { size = UInt64(bytes.count) }
        let header = bytes.count - reader.rest.count
        guard size >= UInt64(header) else { throw FormatError(.malformed, "box \(type) of \(size) bytes") }
        guard size <= UInt64(bytes.count) else {
            throw FormatError(.truncated, "box \(type) of \(size) bytes where \(bytes.count) are left")
        }
        range = bytes.startIndex..<bytes.startIndex + Int(size)
        payload = bytes[range].dropFirst(header)
    }

    func children() throws(FormatError) -> [Box] { try Box.all(in: payload) }

    /// The version and flags of a full box, and what follows them.
    func full() throws(FormatError) -> (version: Int, flags: Int, reader: ByteReader) {
        var reader = ByteReader(payload)
        let (version, flags) = (try reader.u8(), try reader.u24())
        return (version, flags, reader)
    }
}

extension [Box] {
    func first(_ type: String) -> Box? { first { $0.type == type } }

    func need(_ type: String) throws(FormatError) -> Box {
        guard let box = first(type) else { throw FormatError(.malformed, "no box \(type)") }
        return box
    }

    /// What there must be exactly one of.
    func only(_ type: String) throws(FormatError) -> Box {
        guard filter({ $0.type == type }).count <= 1 else { throw FormatError(.unsupported, "more than one box \(type)") }
        return try need(type)
    }

    /// The children of a box below the one before, from the outside to the inside.
    func path(_ types: String...) throws(FormatError) -> [Box] {
        var boxes = self
        for type in types { boxes = try boxes.need(type).children() }
        return boxes
    }
}

extension String {
    /// With nothing but visible ASCII: it stands in messages.
    var printable: String { String(unicodeScalars.map { (0x20..<0x7f).contains($0.value) ? Character($0) : "?" }) }
}
