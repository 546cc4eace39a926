import Testing

@testable import Vips

@Suite struct MemoryTests {
    /// 50 megapixels of one colour are a file of 150 kB and would be 150 MB of pixels.
    @Test func aLargePNGStreams() throws {
        let dot = try VipsImage(Pixels(width: 1, height: 1, bands: 3, bytes: [200, 100, 50]))
        let bytes = try dot.resized(width: 8000, height: 6250).encoded(as: .png, quality: 1)
        let file = try ImageFile(bytes, loader: .png)
        #expect(file.header.width * file.header.height == 50_000_000)
        let before = Vips.peakMemory
        let pixels = try file.thumbnail(fitting: Box(side: 320)).pixels()
        #expect(Vips.peakMemory - before < 50_000_000)
        expectQuarters(of: pixels, [[200, 100, 50], [200, 100, 50], [200, 100, 50], [200, 100, 50]], tolerance: 1)
        #expect(try file.pixels(shortSide: 64).height < 128)
        #expect(Vips.peakMemory - before < 50_000_000)
    }
}
