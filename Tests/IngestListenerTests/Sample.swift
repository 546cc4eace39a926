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

    static let others: [Sample] = [
        Sample("an MP4 video", ftyp("isom", "iso2", "avc1", "mp41")),
        Sample("a QuickTime video", ftyp("qt  ")),
        Sample("an MPEG-4 sound", ftyp("M4A ", "isom")),
        Sample("a 3GP video", ftyp("3gp5")),
        Sample("an ISO media file of the brand \"mif1\"", ftyp("mif1", "miaf")),
        Sample("an ISO media file of the brand \"??2J\"", ftyp("\u{1b}[2J")),
        Sample("a Matroska or WebM video", [0x1a, 0x45, 0xdf, 0xa3]),
        Sample("an AVI video", text: "RIFF....AVI LIST"),
        Sample("a WAV sound", text: "RIFF....WAVEfmt "),
        Sample("an MP3 sound", text: "ID3\u{03}"),
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
