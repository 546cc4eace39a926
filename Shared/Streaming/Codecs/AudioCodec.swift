/// What an audio sample entry says.
struct AudioCodec {
    let codecs: String
    /// Nil where the sample entry's own number counts.
    let channels: Int?

    init(_ type: String, _ boxes: [Box]) throws(FormatError) {
        switch type {
        case "mp4a": self = try Self.mpeg(try boxes.need("esds"))
        case "ac-3", "ec-3", "alac": self.init(codecs: type, channels: nil)
        case "Opus", "fLaC": self.init(codecs: type, channels: nil)
        default: throw FormatError(.unsupported, "sound coded as \(type)")
        }
    }

    private init(codecs: String, channels: Int?) { (self.codecs, self.channels) = (codecs, channels) }

    /// `esds`. Source: ISO/IEC 14496-1, 7.2.6; ISO/IEC 14496-14, 3.1; RFC 6381, 3.3.
    private static func mpeg(_ box: Box) throws(FormatError) -> AudioCodec {
        var stream = try descriptor(3, in: try box.full().reader)
        try stream.skip(2)
        let flags = try stream.u8()
        if flags & 0x80 != 0 { try stream.skip(2) }
        if flags & 0x40 != 0 { try stream.skip(try stream.u8()) }
        if flags & 0x20 != 0 { try stream.skip(2) }
        var decoder = try descriptor(4, in: stream)
        let object = try decoder.u8()
        guard object == 0x40 else { return AudioCodec(codecs: "mp4a.\(hex(object, digits: 2))", channels: nil) }
        try decoder.skip(12)
        let specific = try descriptor(5, in: decoder)
        return aac(specific.rest)
    }

    /// The content of the descriptor that comes next.
    private static func descriptor(_ tag: Int, in bytes: ByteReader) throws(FormatError) -> ByteReader {
        var reader = bytes
        guard try reader.u8() == tag else { throw FormatError(.malformed, "no descriptor \(tag) in esds") }
        var (length, more) = (0, true)
        for _ in 0..<4 where more {
            let byte = try reader.u8()
            (length, more) = (length << 7 | byte & 0x7f, byte & 0x80 != 0)
        }
        return ByteReader(try reader.take(length))
    }

    /// AudioSpecificConfig. Source: ISO/IEC 14496-3, 1.6.2.1.
    private static func aac(_ bytes: ArraySlice<UInt8>) -> AudioCodec {
        var reader = BitReader(bytes)
        var type = reader.bits(5)
        if type == 31 { type = 32 + reader.bits(6) }
        if reader.bits(4) == 15 { _ = reader.bits(24) }
        let configuration = reader.bits(4)
        // Parametric stereo makes two channels of one.
        let channels = type == 29 && configuration == 1 ? 2 : configuration == 7 ? 8 : configuration
        return AudioCodec(codecs: "mp4a.40.\(type)", channels: (1...8).contains(channels) ? channels : nil)
    }
}
