import FoundationEssentials
import ImageHash
import Vips

/// The hashes of a picture as it is shown: upright and in sRGB; of an animation, its first frame.
///
/// An image whose shorter side is below 1024 pixels is hashed from all its pixels; a larger one from the decoder's deepest
/// reduction that leaves the shorter side at 512 or more, and a long strip is reduced further, to about four megapixels.
/// ThumbHash takes at most 100 × 100 pixels: those same pixels, fitted into that square. Films are hashed from a frame that stands for
/// them, its shorter side reduced to 512 pixels.
struct Hashes: Codable, Sendable {
    let blurhash: String
    /// Base64.
    let thumbhash: String
    let phash: String
    let dhash: String

    static let shortSide = 512
    static let thumbhashSide = ThumbHash.maxSide
    private static let maxPixels = 4_000_000

    init(of file: ImageFile) throws(VipsError) {
        let pixels = try file.pixels(shortSide: Self.shortSide(of: file.header))
        let size = Box(side: Self.thumbhashSide).fitting(width: pixels.width, height: pixels.height)
        let small = try VipsImage(pixels).smaller(width: size.width, height: size.height).pixels()
        self.init(try Self.image(pixels), small: try Self.image(small))
    }

    /// - Parameter small: the same picture, of at most `thumbhashSide` pixels a side.
    init(_ image: RGBImage, small: RGBImage) {
        blurhash = BlurHash.encode(image)
        thumbhash = Data(ThumbHash.encode(small) ?? []).base64EncodedString()
        (phash, dhash) = PerceptualHash.hashes(of: image)
    }

    private static func shortSide(of header: ImageHeader) -> Int {
        let shortest = Double(min(header.width, header.height))
        let share = Double(maxPixels) / (Double(header.width) * Double(header.height))
        return max(1, min(shortSide, Int(shortest * share.squareRoot())))
    }

    private static func image(_ pixels: Pixels) throws(VipsError) -> RGBImage {
        guard
            let image = RGBImage(width: pixels.width, height: pixels.height, bands: pixels.bands, bytes: pixels.bytes)
        else { throw VipsError(.other, "\(pixels.bytes.count) bytes for \(pixels.width)×\(pixels.height)×\(pixels.bands)") }
        return image
    }
}
