import Events
import TestSupport
import Testing
import Vips

@testable import Metadata

@Suite struct BadInputTests {
    private let inspection = Inspection(limits: ImageLimits())

    @Test func aBrokenEXIFBlockIsAWarning() throws {
        let junk = Array("Exif\0\0".utf8) + Array("XX*\0 this is no block at all".utf8)
        let findings = try inspection.run(Sample.jpeg(Sample.scene(60, 40), exif: junk), loader: .jpeg)
        #expect(findings.warnings.map(\.code) == ["brokenExif"])
        #expect(findings.warnings.map(\.step) == [.metadata])
        #expect(findings.result.exif == nil)
        #expect((findings.result.width, findings.result.height) == (60, 40))
    }

    @Test func whatADamagedEXIFBlockStillSaysIsKept() throws {
        let cut = Array(TIFFBlock.camera().bytes.dropLast(60))
        let findings = try inspection.run(Sample.jpeg(Sample.scene(60, 40), exif: cut), loader: .jpeg)
        #expect(findings.warnings.map(\.code) == ["brokenExif"])
        #expect(findings.result.exif?.make == "Fuji")
        #expect(findings.result.exif?.gps == nil)
    }

    @Test(arguments: ImageLoader.allCases) func whatIsNoImageIsCorrupt(loader: ImageLoader) {
        for bytes in [[], [0], [UInt8](repeating: 0xa5, count: 5000), Array("GIF89a".utf8), [0xff, 0xd8, 0xff, 0xe1]] {
            #expect { try inspection.run(bytes, loader: loader) } throws: { ($0 as? VipsError)?.code == .corrupt }
        }
    }

    @Test(arguments: [ImageEncoder.jpeg, .png, .webp]) func aTruncatedImageIsCorrupt(format: ImageEncoder) throws {
        let file = try Sample.file(Sample.scene(600, 400), format)
        let loader = try #require(ImageLoader(rawValue: format.rawValue))
        #expect { try inspection.run(file.prefix(file.count / 2), loader: loader) } throws: {
            ($0 as? VipsError)?.code == .corrupt
        }
    }

    @Test(arguments: [(65_535, 65_535), (65_000, 65_000), (20_000, 20_000)] as [(UInt16, UInt16)])
    func aHeaderAboveTheLimitIsNotDecoded(width: UInt16, height: UInt16) throws {
        let file = try Sample.jpeg(claiming: width, height)
        #expect { try inspection.run(file, loader: .jpeg) } throws: { ($0 as? VipsError)?.code == .tooManyPixels }
    }

    @Test func tooManyFramesAreRefused() {
        let strict = Inspection(limits: ImageLimits(maxFrames: 3))
        #expect { try strict.run(AnimatedGIF.make(frames: 4), loader: .gif) } throws: {
            ($0 as? VipsError)?.code == .tooManyPixels
        }
    }
}
