import Events
import Testing

@testable import IngestListener

@Suite struct FileTypeTests {
    @Test(arguments: Sample.images) func recognisesWhatTheServicesCanWorkOn(sample: Sample) {
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
        #expect(FileType.recognise(ftyp("mp42", "avif", "heic")).format == nil)
    }

    @Test func neverTrustsHalfASignature() {
        for sample in Sample.images {
            let whole = sample.signatureLength
            #expect(FileType.recognise(Array(sample.bytes.prefix(whole))).format == sample.format)
            for length in 0..<whole { #expect(FileType.recognise(Array(sample.bytes.prefix(length))).format == nil) }
        }
    }

    @Test(arguments: [0, 1, 8, 15, 17, Int(UInt32.max)])
    func anImpossibleFtypIsNoImage(size: Int) {
        var bytes = ftyp("avif", "mif1")
        for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: size >> (24 - 8 * index)) }
        #expect(FileType.recognise(bytes).format == nil)
    }

    /// Magic bytes at another place than the first make no image.
    @Test func aPolyglotIsWhatItsFirstBytesSay() {
        let jpeg: [UInt8] = [0xff, 0xd8, 0xff]
        #expect(FileType.recognise(Array("#!/bin/sh\n".utf8) + jpeg).format == nil)
        #expect(FileType.recognise([0] + jpeg).format == nil)
    }
}
