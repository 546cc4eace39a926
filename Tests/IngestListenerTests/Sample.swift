import Events

/// The first bytes of a file, and what they are.
struct Sample: Sendable {
    let bytes: [UInt8]
    let name: String
    let format: MediaFormat?
    /// The fewest bytes that give it away.
    let signatureLength: Int

    private init(_ format: MediaFormat, _ bytes: [UInt8], signature: Int? = nil) {
        self.bytes = bytes
        self.format = format
        name = format.rawValue
        signatureLength = signature ?? bytes.count
    }

    private init(_ name: String, _ bytes: [UInt8]) {
        self.bytes = bytes
        self.name = name
        format = nil
        signatureLength = bytes.count
    }

    private init(_ name: String, text: String) { self.init(name, Array(text.utf8)) }

    static let images: [Sample] = [
        Sample(.jpeg, [0xff, 0xd8, 0xff, 0xe0], signature: 3),
        Sample(.png, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13], signature: 8),
        Sample(.webp, Array("RIFF....WEBPVP8 ".utf8), signature: 15),
        Sample(.webp, Array("RIFF....WEBPVP8L".utf8), signature: 15),
        Sample(.gif, Array("GIF87a".utf8)),
        Sample(.gif, Array("GIF89a".utf8)),
        Sample(.avif, ftyp("avif", "mif1", "miaf"), signature: 12),
        Sample(.avif, ftyp("avis", "msf1"), signature: 12),
        Sample(.heic, ftyp("heic", "mif1"), signature: 12),
        Sample(.heic, ftyp("heix"), signature: 12),
        Sample(.heic, ftyp("mif1", "mif1", "miaf", "heic")),
        Sample(.avif, ftyp("mif1", "miaf", "avif")),
        Sample(.heic, ftyp("msf1", "hevc")),
    ]

    static let films: [Sample] = [
        Sample(.mp4, ftyp("isom", "iso2", "avc1", "mp41"), signature: 12),
        Sample(.mp4, ftyp("3gp5"), signature: 12),
        Sample(.mov, ftyp("qt  "), signature: 12),
        Sample(.mov, [0, 0, 0, 8] + Array("wide".utf8)),
        Sample(.mkv, ebml("matroska")),
        Sample(.webm, ebml("webm")),
        Sample(.mpegts, transportStream(packet: 188, offset: 0)),
        Sample(.mpegts, transportStream(packet: 192, offset: 4)),
        Sample(.avi, Array("RIFF....AVI LIST".utf8), signature: 12),
        Sample(.ogv, ogg("OpusHead", "\u{80}theora")),
    ]

    static let sounds: [Sample] = [
        Sample(.m4a, ftyp("M4A ", "isom"), signature: 12),
        Sample(.wav, Array("RIFF....WAVEfmt ".utf8), signature: 12),
        Sample(.wav, Array("RF64....WAVEds64".utf8), signature: 12),
        Sample(.mp3, Array("ID3\u{03}".utf8), signature: 3),
        Sample(.mp3, [0xff, 0xfb, 0x90], signature: 2),
        Sample(.flac, Array("fLaC".utf8)),
        Sample(.ogg, ogg("\u{01}vorbis"), signature: 5),
    ]

    static let others: [Sample] = [
        Sample("a protected MPEG-4 sound", ftyp("M4P ")),
        Sample("an ISO media file of the brand \"mif1\"", ftyp("mif1", "miaf")),
        Sample("an ISO media file of the brand \"??2J\"", ftyp("\u{1b}[2J")),
        Sample("an EBML document", ebml("docbook")),
        Sample("an EBML document", [0x1a, 0x45, 0xdf, 0xa3, 0xff, 0x42, 0x82]),
        Sample("an HLS playlist", text: "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"),
        Sample("an HLS playlist", text: "\u{feff}  #extm3u\n"),
        Sample("a concat script", text: "ffconcat version 1.0\nfile /etc/passwd\n"),
        Sample("a playlist", text: "[playlist]\nFile1=x"),
        Sample("a PDF document", text: "%PDF-1.7"),
        Sample("a ZIP archive or an office document", text: "PK\u{03}\u{04}"),
        Sample("a Linux program", text: "\u{7f}ELF"),
        Sample("a Windows program", [0x4d, 0x5a, 0x90]),
        Sample("a script", text: "#!/bin/sh\n"),
        Sample("an SVG image", text: "<svg xmlns='x'>"),
        Sample("an SVG image", text: "\u{feff}<?xml version='1.0'?>\n<!-- c --><SVG>"),
        Sample("an XML document", text: "<?xml version='1.0'?><a/>"),
        Sample("an HTML page", text: " \r\n\t<!DOCTYPE HTML><script>"),
        Sample("plain text", text: "Hello, Größe"),
        Sample("of an unknown type", [0, 1, 2, 3]),
        Sample("of an unknown type", []),
    ]
}

/// An `ftyp` box with a major brand and compatible ones.
func ftyp(_ major: String, _ compatible: String...) -> [UInt8] {
    let brands: [String] = [major, "\0\0\0\0"] + compatible
    let size = 8 + brands.count * 4
    return [0, 0, UInt8(size >> 8), UInt8(size & 255)] + Array(("ftyp" + brands.joined()).utf8)
}

/// An EBML header with a document type, and what Matroska writes before that.
func ebml(_ type: String) -> [UInt8] {
    let body: [UInt8] = [0x42, 0x86, 0x81, 1, 0x42, 0x82, 0x80 | UInt8(type.utf8.count)] + Array(type.utf8)
    return [0x1a, 0x45, 0xdf, 0xa3, 0x80 | UInt8(body.count)] + body
}

/// Pages that begin streams, each with a packet that starts with a text in Latin-1.
func ogg(_ packets: String...) -> [UInt8] {
    packets.flatMap { packet -> [UInt8] in
        let body = packet.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        let lacing: [UInt8] = [1, UInt8(body.count)]
        return Array("OggS".utf8) + [0, 2] + [UInt8](repeating: 0, count: 20) + lacing + body
    }
}

/// The sync bytes of four packets.
func transportStream(packet: Int, offset: Int) -> [UInt8] {
    (0...3 * packet + offset).map { ($0 - offset) % packet == 0 ? 0x47 : 0 }
}
