import Events
import Testing

@testable import IngestListener

@Suite struct FileTypeTests {
    private static let png: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]

    @Test(arguments: [
        ([0xff, 0xd8, 0xff, 0xe0] as [UInt8], MediaFormat.jpeg),
        (png, .png),
        (Array("RIFF\u{04}\u{00}\u{00}\u{00}WEBPVP8 ".utf8), .webp),
        (Array("RIFF\u{04}\u{00}\u{00}\u{00}WEBPVP8L".utf8), .webp),
        (Array("GIF87a".utf8), .gif),
        (Array("GIF89a".utf8), .gif),
        (ftyp("avif", "mif1", "miaf"), .avif),
        (ftyp("avis", "msf1"), .avif),
        (ftyp("heic", "mif1"), .heic),
        (ftyp("heix"), .heic),
        (ftyp("mif1", "mif1", "miaf", "heic"), .heic),
        (ftyp("mif1", "miaf", "avif"), .avif),
        (ftyp("msf1", "hevc"), .heic),
    ])
    func recognisesWhatTheServicesCanWorkOn(bytes: [UInt8], format: MediaFormat) {
        #expect(FileType.recognise(bytes).format == format)
    }

    /// A HEIF file may name both codecs: the major brand comes first, then the file's own order.
    @Test func theMajorBrandDecides() {
        #expect(FileType.recognise(ftyp("avif", "heic")).format == .avif)
        #expect(FileType.recognise(ftyp("heic", "avif")).format == .heic)
        #expect(FileType.recognise(ftyp("mif1", "avif", "heic")).format == .avif)
        #expect(FileType.recognise(ftyp("mp42", "avif", "heic")).format == nil)
    }

    @Test(arguments: [
        (ftyp("isom", "iso2", "avc1", "mp41"), "an MP4 video"),
        (ftyp("qt  "), "a QuickTime video"),
        (ftyp("M4A ", "isom"), "an MPEG-4 sound"),
        (ftyp("3gp5"), "a 3GP video"),
        (ftyp("mif1", "miaf"), "an ISO media file of the brand \"mif1\""),
        (ftyp("\u{1b}[2J"), "an ISO media file of the brand \"??2J\""),
        ([0x1a, 0x45, 0xdf, 0xa3] as [UInt8], "a Matroska or WebM video"),
        (Array("RIFF\u{04}\u{00}\u{00}\u{00}AVI LIST".utf8), "an AVI video"),
        (Array("RIFF\u{04}\u{00}\u{00}\u{00}WAVEfmt ".utf8), "a WAV sound"),
        (Array("ID3\u{03}".utf8), "an MP3 sound"),
        (Array("%PDF-1.7".utf8), "a PDF document"),
        (Array("PK\u{03}\u{04}".utf8), "a ZIP archive or an office document"),
        (Array("\u{7f}ELF".utf8), "a Linux program"),
        (Array("MZ\u{90}".utf8), "a Windows program"),
        (Array("#!/bin/sh\n".utf8), "a script"),
        (Array("<svg xmlns='x'>".utf8), "an SVG image"),
        (Array("\u{feff}<?xml version='1.0'?>\n<!-- c --><SVG>".utf8), "an SVG image"),
        (Array("<?xml version='1.0'?><a/>".utf8), "an XML document"),
        (Array(" \r\n\t<!DOCTYPE HTML><script>".utf8), "an HTML page"),
        (Array("Hello, Größe".utf8), "plain text"),
        ([0, 1, 2, 3] as [UInt8], "of an unknown type"),
        ([] as [UInt8], "of an unknown type"),
    ])
    func namesWhatIsNotAllowed(bytes: [UInt8], name: String) {
        let type = FileType.recognise(bytes)
        #expect(type.name == name && type.format == nil)
    }

    @Test func neverTrustsHalfASignature() {
        for bytes in [Self.png, ftyp("avif"), Array("GIF89a".utf8), Array("RIFF\u{04}\u{00}\u{00}\u{00}WEBPVP8 ".utf8)] {
            let shortest = bytes.starts(with: Self.png.prefix(8)) ? 8 : min(bytes.count, 15)
            for length in 0..<(bytes.count == 6 ? 6 : min(shortest, 12)) where length < shortest {
                #expect(FileType.recognise(Array(bytes.prefix(length))).format == nil, "\(bytes.prefix(length))")
            }
        }
    }

    @Test(arguments: [0, 1, 8, 15, 17, Int(UInt32.max)])
    func anImpossibleFtypIsNoImage(size: Int) {
        var bytes = ftyp("avif", "mif1")
        bytes.replaceSubrange(0..<4, with: (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) })
        #expect(FileType.recognise(bytes).format == nil)
    }

    /// A pair of magic bytes at the wrong place, or behind a shebang, makes no image.
    @Test func aPolyglotIsWhatItsFirstBytesSay() {
        #expect(FileType.recognise(Array("#!/bin/sh\n".utf8) + [0xff, 0xd8, 0xff]).format == nil)
        #expect(FileType.recognise([0] + Self.png).format == nil)
    }
}

/// An `ftyp` box with a major brand and compatible ones.
func ftyp(_ major: String, _ compatible: String...) -> [UInt8] {
    let brands = [major, "\0\0\0\0"] + compatible
    let size = 8 + brands.count * 4
    return [0, 0, UInt8(size >> 8), UInt8(size & 255)] + Array(("ftyp" + brands.joined()).utf8)
}
