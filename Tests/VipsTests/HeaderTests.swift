import TestSupport
import Testing

@testable import Vips

@Suite struct HeaderTests {
    @Test(arguments: Fixture.allCases) func everyFixtureSaysItsSize(_ fixture: Fixture) throws {
        let header = try fixture.file().header
        #expect((header.width, header.height) == (64, 48))
        #expect(header.frames == 1)
        #expect(header.orientation == 1)
    }

    @Test func spaceDepthAndAlpha() throws {
        #expect(try Fixture.p3PNG.file().header.colourSpace == "p3")
        #expect(try Fixture.p3JPEG.file().header.icc?.count == 736)
        #expect(try Fixture.cmykJPEG.file().header.colourSpace == "cmyk")
        #expect(try Fixture.grayJPEG.file().header.colourSpace == "gray")
        #expect(try Fixture.heic.file().header.colourSpace == "srgb")
        #expect(try Fixture.deepPNG.file().header.bitDepth == 16)
        #expect(try Fixture.deepHEIC.file().header.bitDepth == 10)
        #expect(try Fixture.avif.file().header.bitDepth == 8)
        #expect(
            try Fixture.allCases.filter { try $0.file().header.hasAlpha } == [
                .deepAlphaPNG, .alphaPNG, .grayAlphaPNG, .alphaWebP, .gif,
            ])
    }

    @Test func exifIsHandedOut() throws {
        let bytes = PrivateMetadata.insert(into: Fixture.grayJPEG.bytes, orientation: 6)
        let header = try ImageFile(bytes, loader: .jpeg).header
        #expect(header.orientation == 6)
        #expect((header.displayWidth, header.displayHeight) == (48, 64))
        #expect(header.exif == PrivateMetadata.exif(orientation: 6))
    }

    @Test(arguments: ImageLoader.allCases) func aLieAboutTheFormatIsCorrupt(_ loader: ImageLoader) {
        for fixture in Fixture.allCases where fixture.loader != loader && !(isHEIF(loader) && isHEIF(fixture.loader)) {
            expect(.corrupt) { _ = try ImageFile(fixture.bytes, loader: loader) }
        }
        expect(.corrupt) { _ = try ImageFile([], loader: loader) }
        expect(.corrupt) { _ = try ImageFile([0], loader: loader) }
        expect(.corrupt) { _ = try ImageFile(Array(repeating: 0xff, count: 5000), loader: loader) }
    }

    @Test func anyCollectionOfBytesWillDo() throws {
        let bytes = Fixture.palettePNG.bytes
        let shifted = ([0, 0] + bytes)[2...]
        #expect(try ImageFile(shifted, loader: .png).header == ImageFile(bytes, loader: .png).header)
        #expect(try ImageFile(Array(bytes.reversed()).reversed(), loader: .png).header.width == 64)
    }

    @Test func loadersOfStrangeFormatsAreNotEvenThere() throws {
        try Vips.start()
        let loaded = VipsModules.mappedFiles()
        #expect(loaded.contains { $0.contains("libheif") })
        for stranger in ["libMagickCore", "libpoppler", "libopenslide"] {
            #expect(!loaded.contains { $0.contains(stranger) }, "\(stranger)")
        }
    }

    private func isHEIF(_ loader: ImageLoader) -> Bool { loader == .heic || loader == .avif }
}

/// Expects a `VipsError` of this code.
func expect(_ code: VipsError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ work: () throws -> Void) {
    let error = #expect(throws: VipsError.self, sourceLocation: sourceLocation, performing: work)
    #expect(error?.code == code, "\(error?.description ?? "")", sourceLocation: sourceLocation)
}
