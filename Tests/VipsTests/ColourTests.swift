import TestSupport
import Testing

@testable import Vips

@Suite struct ColourTests {
    static let quarters: [[UInt8]] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]
    static let opaque: [Fixture] = [
        .p3PNG, .p3JPEG, .progressiveJPEG, .deepPNG, .palettePNG, .interlacedPNG, .heic, .avif, .deepHEIC, .gif,
    ]

    @Test(arguments: opaque) func sRGBComesOut(_ fixture: Fixture) throws {
        let pixels = try fixture.file().pixels()
        #expect(pixels.bands == (fixture == .gif ? 4 : 3))
        expectQuarters(of: pixels, Self.quarters, tolerance: 6)
        expectQuarters(of: try fixture.file().thumbnail(fitting: Box(side: 32)).pixels(), Self.quarters, tolerance: 6)
    }

    @Test func cmykIsConverted() throws {
        // What the inks of the fixture look like; they cannot be as green or blue as a screen.
        let inks: [[UInt8]] = [[232, 31, 42], [192, 208, 12], [46, 70, 143], [255, 255, 255]]
        let pixels = try Fixture.cmykJPEG.file().thumbnail(fitting: Box(side: 32)).pixels()
        #expect(pixels.bands == 3)
        expectQuarters(of: pixels, inks, tolerance: 8)
    }

    @Test func grayBecomesThreeEqualBands() throws {
        let pixels = try Fixture.grayJPEG.file().pixels()
        #expect(pixels.bands == 3)
        #expect(stride(from: 0, to: pixels.bytes.count, by: 3).allSatisfy { pixels.bytes[$0] == pixels.bytes[$0 + 2] })
    }

    @Test(arguments: [Fixture.alphaPNG, .deepAlphaPNG, .alphaWebP]) func alphaSurvivesAndDoesNotBleed(_ fixture: Fixture) throws {
        let quarters: [[UInt8]?] = [[255, 0, 0, 255], nil, [0, 0, 255, 255], nil]
        for pixels in [
            try fixture.file().pixels(), try fixture.file().thumbnail(fitting: Box(side: 30)).pixels(),
            try fixture.file().pixels(shortSide: 12),
        ] {
            #expect(pixels.bands == 4)
            expectQuarters(of: pixels, quarters, tolerance: 2)
            #expect(pixel(pixels, 3, 0)[3] == 0)
        }
        // At the seam of red and transparent green nothing but red may show.
        let seam = try fixture.file().thumbnail(fitting: Box(width: 21, height: 16)).pixels()
        for x in 0..<seam.width where seam.bytes[x * 4 + 3] > 8 {
            #expect(seam.bytes[x * 4] > 245 && seam.bytes[x * 4 + 1] < 10, "column \(x)")
        }
    }

    @Test func grayWithAlphaBecomesFourBands() throws {
        let pixels = try Fixture.grayAlphaPNG.file().thumbnail(fitting: Box(side: 30)).pixels()
        #expect(pixels.bands == 4)
        #expect(pixel(pixels, 0, 0)[3] == 255)
        #expect(pixel(pixels, 3, 0)[3] == 0)
    }

    @Test func transparentPartsBecomeWhiteInJPEG() throws {
        let jpeg = try Fixture.alphaPNG.file().thumbnail(fitting: Box(side: 64)).encoded(as: .jpeg, quality: 90)
        let pixels = try ImageFile(jpeg, loader: .jpeg).pixels()
        let white: [UInt8] = [255, 255, 255]
        expectQuarters(of: pixels, [[255, 0, 0], white, [0, 0, 255], white], tolerance: 8)
    }

    @Test func aProfileOfRandomBytesIsIgnored() throws {
        var bytes = Fixture.p3JPEG.bytes
        let start = try #require(bytes.firstRange(of: Array("ICC_PROFILE".utf8))).upperBound + 3
        var random = SystemRandomNumberGenerator()
        for index in start..<start + 736 { bytes[index] = .random(in: 0...255, using: &random) }
        let pixels = try ImageFile(bytes, loader: .jpeg).pixels()
        #expect(pixels.bands == 3)
        expectQuarters(of: pixels, [[234, 51, 35], nil, nil, [255, 255, 255]], tolerance: 6)
    }
}

/// The pixel in the middle of column `column` of 4 and row `row` of 4.
func pixel(_ pixels: Pixels, _ column: Int, _ row: Int) -> [UInt8] {
    let x = pixels.width * (2 * column + 1) / 8
    let y = pixels.height * (2 * row + 1) / 8
    let start = (y * pixels.width + x) * pixels.bands
    return Array(pixels.bytes[start..<start + pixels.bands])
}

/// Compares the corners' colours in reading order; nil is not looked at.
func expectQuarters(
    of pixels: Pixels, _ quarters: [[UInt8]?], tolerance: Int, sourceLocation: SourceLocation = #_sourceLocation
) {
    for (index, expected) in quarters.enumerated() {
        guard let expected else { continue }
        let actual = pixel(pixels, index % 2 == 0 ? 0 : 3, index < 2 ? 0 : 3)
        let distance = zip(actual, expected).map { abs(Int($0) - Int($1)) }.max() ?? 255
        #expect(distance <= tolerance, "quarter \(index): \(actual), not \(expected)", sourceLocation: sourceLocation)
    }
}
