import FoundationEssentials
import Testing

@testable import Variants
@testable import Vips

@Suite struct PlaceholderTests {
    @Test(arguments: [(300, 200), (320, 1), (1, 320), (1, 1), (64, 64)], [3, 4])
    func thePlaceholderIsAlwaysSmall(_ size: (Int, Int), _ bands: Int) throws {
        // Noise is what compresses worst.
        let bytes = (0..<size.0 * size.1 * bands).map { _ in UInt8.random(in: 0...255) }
        let image = try VipsImage(Pixels(width: size.0, height: size.1, bands: bands, bytes: bytes))
        let uri = try placeholder(for: image)
        #expect(uri.utf8.count < 1000)
        let encoded = try #require(Data(base64Encoded: String(uri.dropFirst("data:image/webp;base64,".count))))
        let header = try ImageFile(Array(encoded), loader: .webp).header
        #expect(max(header.width, header.height) == min(32, max(size.0, size.1)) || size == (300, 200) || size == (64, 64))
        #expect(header.width <= size.0 && header.height <= size.1)
    }

    @Test func aPhotosPlaceholderShowsItsColours() throws {
        let uri = try placeholder(for: try photo(width: 320, height: 240))
        let encoded = try #require(Data(base64Encoded: String(uri.dropFirst("data:image/webp;base64,".count))))
        let pixels = try ImageFile(Array(encoded), loader: .webp).pixels()
        #expect((pixels.width, pixels.height) == (32, 24))
        #expect(pixels.bytes[0] > 200 && pixels.bytes[1] < 60 && pixels.bytes[2] < 60)
        #expect(pixels.bytes.suffix(3).allSatisfy { $0 > 220 })
    }
}
