import Events
import FoundationEssentials
import TestSupport
import Testing

@testable import IngestListener

@Suite struct FileTypeTests {
    @Test(arguments: Sample.images + Sample.films + Sample.sounds) func recognisesWhatTheServicesCanWorkOn(sample: Sample) {
        let type = FileType.recognise(sample.bytes)
        #expect(type.format == sample.format, "\(type.name)")
    }

    @Test(arguments: Sample.others) func namesWhatIsNotAllowed(sample: Sample) {
        let type = FileType.recognise(sample.bytes)
        #expect(type.name == sample.name && type.format == nil)
    }

    /// A HEIF file may name both codecs: the major brand comes first, then the file's own order.
    @Test func theMajorBrandDecides() {
        #expect(FileType.recognise(ftyp("avif", "heic")).format == .avif)
        #expect(FileType.recognise(ftyp("heic", "avif")).format == .heic)
        #expect(FileType.recognise(ftyp("mif1", "avif", "heic")).format == .avif)
        #expect(FileType.recognise(ftyp("mp42", "avif", "heic")).format == .mp4)
    }

    @Test func neverTrustsHalfASignature() {
        for sample in Sample.images + Sample.films + Sample.sounds {
            let whole = sample.signatureLength
            #expect(FileType.recognise(Array(sample.bytes.prefix(whole))).format == sample.format)
            for length in 0..<whole { #expect(FileType.recognise(Array(sample.bytes.prefix(length))).format != sample.format) }
        }
    }

    @Test(arguments: [0, 1, 8, 15, 17, Int(UInt32.max)])
    func anImpossibleFtypIsNoImage(size: Int) {
        var bytes = ftyp("avif", "mif1")
        for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: size >> (24 - 8 * index)) }
        #expect(FileType.recognise(bytes).format == nil)
    }

    @Test func whatWritersWriteIsRecognised() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let film = "-f lavfi -i testsrc=s=64x48:d=1"
        let sound = "-f lavfi -i sine=d=1"
        let files: [(String, String, MediaFormat)] = [
            ("a.mp4", film, .mp4), ("f.mp4", film + " -movflags frag_keyframe+empty_moov", .mp4), ("a.mov", film, .mov),
            ("a.mkv", film, .mkv), ("a.webm", film, .webm), ("a.ts", film, .mpegts), ("a.m2ts", film, .mpegts),
            ("a.avi", film, .avi), ("a.ogv", film + " -c:v libtheora", .ogv), ("a.mp3", sound, .mp3),
            ("b.mp3", sound + " -id3v2_version 0", .mp3), ("a.m4a", sound, .m4a), ("a.ogg", sound, .ogg),
            ("a.opus", sound, .ogg), ("a.flac", sound, .flac), ("a.wav", sound, .wav),
            ("b.wav", sound + " -rf64 always", .wav),
        ]
        for (name, arguments, format) in files {
            let path = try MediaFile.make(name, in: directory, arguments)
            let type = FileType.recognise([UInt8](try Data(contentsOf: URL(filePath: path)).prefix(FileType.prefixLength)))
            #expect(type.format == format, "\(name): \(type.name)")
        }
    }

    /// Magic bytes at another place than the first make no image.
    @Test func aPolyglotIsWhatItsFirstBytesSay() {
        let jpeg: [UInt8] = [0xff, 0xd8, 0xff]
        #expect(FileType.recognise(Array("#!/bin/sh\n".utf8) + jpeg).format == nil)
        #expect(FileType.recognise([0] + jpeg).format == nil)
    }
}
