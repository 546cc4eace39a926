import ImageHash
import Testing

@Suite struct LimitTests {
    @Test(arguments: [
        (0, 1, 3, 0), (1, 0, 3, 0), (2, 2, 3, 11), (2, 2, 3, 13), (2, 2, 2, 8), (-1, -1, 3, 3), (Int.max, 2, 3, 6),
    ])
    func anImageIsAsLargeAsItsBytes(width: Int, height: Int, bands: Int, count: Int) {
        #expect(RGBImage(width: width, height: height, bands: bands, bytes: [UInt8](repeating: 0, count: count)) == nil)
    }

    @Test func thumbHashRefusesLongSides() throws {
        #expect(ThumbHash.encode(try #require(Picture.noise(101, 1, bands: 3).image)) == nil)
        #expect(ThumbHash.encode(try #require(Picture.noise(1, 101, bands: 4).image)) == nil)
        #expect(ThumbHash.encode(try #require(Picture.noise(100, 100, bands: 4).image)) != nil)
    }

    @Test func blurHashComponentsAreBroughtIntoRange() throws {
        let image = try #require(Picture.checker.image)
        #expect(BlurHash.encode(image, x: 0, y: -5) == BlurHash.encode(image, x: 1, y: 1))
        #expect(BlurHash.encode(image, x: 10, y: 99) == BlurHash.encode(image, x: 9, y: 9))
        #expect(BlurHash.encode(image, x: 9, y: 9).count == 4 + 2 * 81)
    }

    @Test func anInvisibleImageHasHashes() throws {
        let image = try #require(Picture.solid(10, 10, [9, 9, 9, 0]).image)
        let thumb = try #require(ThumbHash.encode(image))
        #expect(thumb[2] & 0x80 != 0, "the alpha flag")
        #expect(thumb[5] & 0x0f == 0, "its average opacity")
    }

    /// Down to single pixels and lines nothing divides by zero.
    @Test(arguments: [(1, 1), (1, 2), (2, 1), (1, 100), (100, 1), (3, 5)])
    func tinyImagesHaveHashes(width: Int, height: Int) throws {
        for bands in [3, 4] {
            let image = try #require(Picture.noise(width, height, bands: bands).image)
            #expect(BlurHash.encode(image, x: 9, y: 9).count == 166)
            #expect((ThumbHash.encode(image) ?? []).count > 5)
            #expect(PerceptualHash.phash(image).count == 16)
        }
    }
}
