import Events
import ImageHash
import TestSupport
import Testing
import Vips

@testable import Metadata

@Suite struct InspectionTests {
    private let inspection = Inspection(limits: ImageLimits())

    @Test func aSmallPNGHasThePublishedHashes() throws {
        let findings = try inspection.run(Sample.file(Sample.gradient(blue: 128), .png), loader: .png)
        #expect(findings.warnings.isEmpty)
        #expect(
            findings.result
                == MetadataResult(
                    width: 64, height: 48, orientation: 1, colourSpace: "srgb", hasAlpha: false, bitDepth: 8, frames: 1,
                    exif: nil, blurhash: "L#HLF[2Y$5SgmGazjtf7gJfjfQfj", thumbhash: "3xcKNZpwd3dweIiIiHh4h3BwB/eH",
                    phash: "a01d4755c675fb22", dhash: "ffffffffffffffff"))
    }

    @Test func alphaReachesTheThumbHash() throws {
        let file = try Sample.file(Sample.gradient(blue: 200, hasAlpha: true), .png)
        let result = try inspection.run(file, loader: .png).result
        #expect(result.hasAlpha == true)
        #expect(result.thumbhash == "aGaGHIw3wpewiHd3KAyLwk8Id4eIeIiHBw==")
    }

    @Test func exifIsRead() throws {
        let file = try Sample.jpeg(Sample.scene(120, 80), exif: TIFFBlock.camera(isBigEndian: true).bytes)
        let findings = try inspection.run(file, loader: .jpeg)
        #expect(findings.warnings.isEmpty)
        #expect(findings.result.exif?.model == "X-T5")
        #expect(findings.result.exif?.capturedAt == "2026-02-28T20:36:00+02:00")
        #expect(findings.result.exif?.gps == .init(latitude: -33.8571, longitude: 151.2098833, altitude: -12.5))
    }

    /// The stored picture is turned by hand here; its hashes must be those of the file with orientation 6.
    @Test func anOrientedPhotoIsHashedAsItIsShown() throws {
        let file = try Sample.jpeg(Sample.scene(120, 80), exif: TIFFBlock.camera().bytes)
        let result = try inspection.run(file, loader: .jpeg).result
        #expect((result.width, result.height, result.orientation) == (80, 120, 6))

        let stored = try ImageFile(file, loader: .jpeg).pixels(oriented: false)
        let turned = (0..<stored.width).flatMap { y in
            (0..<stored.height).flatMap { x in
                let first = ((stored.height - 1 - x) * stored.width + y) * 3
                return stored.bytes[first..<first + 3]
            }
        }
        let shown = try #require(RGBImage(width: stored.height, height: stored.width, bands: 3, bytes: turned))
        #expect(result.blurhash == BlurHash.encode(shown))
        let hashes = PerceptualHash.hashes(of: shown)
        #expect(result.phash == hashes.phash && result.dhash == hashes.dhash)
    }

    /// Above 1024 pixels a side the decoder reduces, and what it gives still looks like the whole.
    @Test(arguments: [ImageEncoder.jpeg, .webp, .png])
    func aLargePhotoLooksTheSameReduced(format: ImageEncoder) throws {
        let loader = try #require(ImageLoader(rawValue: format.rawValue))
        let result = try inspection.run(Sample.file(Self.large, format), loader: loader).result
        #expect((result.width, result.height) == (1200, 1100))
        let whole = try #require(Self.wholeHashes)
        #expect(Self.distance(try #require(result.phash), whole.phash) <= 4)
        #expect(Self.distance(try #require(result.dhash), whole.dhash) <= 4)
    }

    private static let large = Sample.scene(1200, 1100)
    private static let wholeHashes = RGBImage(width: 1200, height: 1100, bands: 3, bytes: large.bytes)
        .map { PerceptualHash.hashes(of: $0) }

    @Test func aLongStripIsHashed() throws {
        let result = try inspection.run(Sample.file(Sample.scene(9000, 3), .png), loader: .png).result
        #expect((result.width, result.height) == (9000, 3))
        #expect(result.thumbhash?.isEmpty == false)
    }

    @Test func anAnimationIsHashedByItsFirstFrame() throws {
        let result = try inspection.run(AnimatedGIF.make(frames: 5), loader: .gif).result
        #expect(result.frames == 5)
        #expect((result.width, result.height) == (2, 2))
        let red = try #require(RGBImage(width: 2, height: 2, bands: 3, bytes: [255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0]))
        #expect(result.blurhash == BlurHash.encode(red))
    }

    private static func distance(_ a: String, _ b: String) -> Int {
        ((UInt64(a, radix: 16) ?? 0) ^ (UInt64(b, radix: 16) ?? .max)).nonzeroBitCount
    }
}
