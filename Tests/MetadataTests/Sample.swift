import TestSupport
import Vips

/// Files for the step, made on the spot.
enum Sample {
    /// Red 4x, green 5y on 64 × 48 pixels, as in the published vectors.
    static func gradient(blue: UInt8, hasAlpha: Bool = false) -> Pixels {
        make(64, 48, bands: hasAlpha ? 4 : 3) { x, y in [UInt8(4 * x), UInt8(5 * y), blue, UInt8(4 * x)] }
    }

    /// Something to see at any size.
    static func scene(_ width: Int, _ height: Int) -> Pixels {
        make(width, height, bands: 3) { x, y in
            let (u, v) = (x * 256 / width, y * 256 / height)
            return [UInt8(u * v / 256), UInt8((u * u / 200 + v) % 256), v > 128 && u < 90 ? 230 : UInt8(v / 2), 255]
        }
    }

    private static func make(_ width: Int, _ height: Int, bands: Int, _ pixel: (Int, Int) -> [UInt8]) -> Pixels {
        let bytes = (0..<height).flatMap { y in (0..<width).flatMap { x in pixel(x, y).prefix(bands) } }
        return Pixels(width: width, height: height, bands: bands, bytes: bytes)
    }

    static func file(_ pixels: Pixels, _ format: ImageEncoder) throws -> [UInt8] {
        try Vips.start()
        return try VipsImage(pixels).encoded(as: format, quality: 90)
    }

    /// A JPEG with an EXIF block behind its first marker.
    static func jpeg(_ pixels: Pixels, exif: [UInt8]) throws -> [UInt8] {
        let jpeg = try file(pixels, .jpeg)
        let length = exif.count + 2
        return jpeg[..<2] + [0xff, 0xe1, UInt8(length >> 8), UInt8(length & 0xff)] + exif + jpeg[2...]
    }

    /// A JPEG whose frame header declares another size than it has.
    static func jpeg(claiming width: UInt16, _ height: UInt16) throws -> [UInt8] {
        var jpeg = try file(gradient(blue: 0), .jpeg)
        guard let frame = jpeg.indices.dropLast(9).first(where: { jpeg[$0] == 0xff && [0xc0, 0xc2].contains(jpeg[$0 + 1]) })
        else { return [] }
        jpeg.replaceSubrange(
            frame + 5..<frame + 9, with: [UInt8(height >> 8), UInt8(height & 0xff), UInt8(width >> 8), UInt8(width & 0xff)])
        return jpeg
    }
}
