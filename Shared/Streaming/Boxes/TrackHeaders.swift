/// `tkhd`: the track's id and the size at which it is shown. Source: ISO/IEC 14496-12, 8.3.2.
struct TrackHeader {
    let id: Int
    let width: Int
    let height: Int

    init(_ box: Box) throws(FormatError) {
        var (version, _, reader) = try box.full()
        try reader.skip(version == 1 ? 16 : 8)
        id = try reader.u32()
        try reader.skip((version == 1 ? 12 : 8) + 16)
        let matrix = try reader.take(36)
        let size = (try Self.rounded(reader.u32()), try Self.rounded(reader.u32()))
        // A quarter turn: the first number of the matrix, which scales the width, is zero.
        (width, height) = matrix.prefix(4).allSatisfy({ $0 == 0 }) ? (size.1, size.0) : size
    }

    /// From 16.16 fixed point.
    private static func rounded(_ value: Int) -> Int { (value + 0x8000) >> 16 }
}

/// `mdhd`: what a second is, and the language. Source: ISO/IEC 14496-12, 8.4.2.
struct MediaHeader {
    let timescale: Int
    let language: String

    private static let maxTimescale = 100_000_000

    init(_ box: Box) throws(FormatError) {
        var reader: ByteReader
        (timescale, reader) = try Self.timescale(box)
        let packed = try reader.u16()
        let letters = [10, 5, 0].map { UInt8(packed >> $0 & 31) + 0x60 }
        let isLanguage = letters.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        language = isLanguage ? String(decoding: letters, as: UTF8.self) : "und"
    }

    static func movieTimescale(_ box: Box) throws(FormatError) -> Int { try timescale(box).0 }

    /// `mdhd` and `mvhd` begin alike.
    private static func timescale(_ box: Box) throws(FormatError) -> (Int, ByteReader) {
        var (version, _, reader) = try box.full()
        try reader.skip(version == 1 ? 16 : 8)
        let timescale = try reader.u32()
        try reader.skip(version == 1 ? 8 : 4)
        guard (1...maxTimescale).contains(timescale) else { throw FormatError(.malformed, "\(timescale) ticks a second") }
        return (timescale, reader)
    }
}
