import TestSupport
import Testing

@testable import Vips

@Suite struct EncodeTests {
    @Test(arguments: ImageEncoder.allCases) func nothingPrivateIsLeft(_ encoder: ImageEncoder) throws {
        let original = PrivateMetadata.insert(into: Fixture.p3JPEG.bytes, orientation: 6)
        #expect(try ImageFile(original, loader: .jpeg).open(reducedBy: 1).metadataNames.contains("exif-ifd3-GPSLatitude"))
        #expect(PrivateMetadata.traces.allSatisfy { original.firstRange(of: Array($0.utf8)) != nil })

        let bytes = try ImageFile(original, loader: .jpeg).thumbnail(fitting: Box(side: 40)).encoded(as: encoder, quality: 80)
        let loader = try #require(ImageLoader(rawValue: encoder.rawValue))
        let names = try ImageFile(bytes, loader: loader).open(reducedBy: 1).metadataNames
        let isPrivate = { (name: String) in ["exif", "xmp", "iptc", "icc", "photoshop"].contains { name.hasPrefix($0) } }
        #expect(!names.isEmpty && !names.contains(where: isPrivate), "\(names)")
        for trace in PrivateMetadata.traces + ["Exif", "ICC_PROFILE", "ICCP", "iCCP"] {
            #expect(bytes.firstRange(of: Array(trace.utf8)) == nil, "\(trace)")
        }
    }

    @Test(arguments: ImageEncoder.allCases) func everyQualityAndOddSizeWorks(_ encoder: ImageEncoder) throws {
        let loader = try #require(ImageLoader(rawValue: encoder.rawValue))
        for (width, height) in [(1, 1), (1, 40), (33, 1), (17, 15)] {
            let image = try VipsImage(noise(width: width, height: height))
            for quality in [-5, 1, 20, 50, 80, 90, 95, 100, 1000] {
                let header = try ImageFile(image.encoded(as: encoder, quality: quality), loader: loader).header
                #expect((header.width, header.height) == (width, height))
            }
        }
    }

    @Test func webPIsReducedToItsPixels() throws {
        let opaque = try VipsImage(noise(width: 20, height: 10)).encoded(as: .webp, quality: 50)
        #expect(String(decoding: opaque[8..<16], as: UTF8.self) == "WEBPVP8 ")
        #expect(opaque.count == 8 + opaque[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) })

        let seeThrough = try Fixture.alphaPNG.file().thumbnail(fitting: Box(side: 64)).encoded(as: .webp, quality: 80)
        #expect(String(decoding: seeThrough[8..<16], as: UTF8.self) == "WEBPVP8X")
        let pixels = try ImageFile(seeThrough, loader: .webp).pixels()
        expectQuarters(of: pixels, [[255, 0, 0, 255], nil, [0, 0, 255, 255], nil], tolerance: 12)
        #expect(pixel(pixels, 3, 0)[3] == 0)
    }

    @Test func aThumbnailIsNeverEnlarged() throws {
        let file = try Fixture.palettePNG.file()
        let image = try file.thumbnail(fitting: Box(side: 1000))
        #expect((image.width, image.height) == (64, 48))
        let narrow = try file.thumbnail(fitting: Box(width: 1000, height: 12))
        #expect((narrow.width, narrow.height) == (16, 12))
        let dot = try file.thumbnail(fitting: Box(side: 1))
        #expect((dot.width, dot.height) == (1, 1))
    }

    @Test func pixelsKeepTheShortSideAsked() throws {
        for loader in [ImageLoader.jpeg, .png, .webp] {
            let encoder = try #require(ImageEncoder(rawValue: loader.rawValue))
            let bytes = try VipsImage(noise(width: 403, height: 301)).encoded(as: encoder, quality: 80)
            let file = try ImageFile(bytes, loader: loader)
            for side in [1, 10, 37, 100, 150, 151, 300, 301, 500] {
                let pixels = try file.pixels(shortSide: side)
                #expect(
                    pixels.height >= min(side, 301) && pixels.height < max(2 * side + 2, 4), "\(loader) \(side): \(pixels.height)"
                )
                #expect(pixels.bytes.count == pixels.width * pixels.height * 3)
            }
        }
    }

    @Test func pixelsThatDoNotFillTheirSizeAreRefused() {
        expect(.other) { _ = try VipsImage(Pixels(width: 2, height: 2, bands: 3, bytes: [0])) }
        expect(.other) { _ = try VipsImage(Pixels(width: 0, height: 2, bands: 3, bytes: [])) }
        expect(.other) { _ = try VipsImage(Pixels(width: .max, height: 2, bands: 3, bytes: [])) }
    }
}
