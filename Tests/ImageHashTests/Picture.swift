import ImageHash

/// Pictures that a few lines of any language can make, so that the reference programs hash the same bytes.
enum Picture: Sendable, CustomStringConvertible {
    case solid(Int, Int, [UInt8])
    /// Red 4x, green 5y; blue and alpha as given (alpha 4x where it is nil and there are 4 bands).
    case gradient(blue: UInt8, bands: Int)
    /// Squares of 8 pixels, white first.
    case checker
    /// The high bytes of a linear congruential generator (1664525, 1013904223) that starts at 7.
    case noise(Int, Int, bands: Int)
    /// Soft shapes with a little noise.
    case pattern(Int, Int)

    var description: String {
        switch self {
        case .solid(let width, let height, let colour): "solid \(width)×\(height) \(colour)"
        case .gradient(_, let bands): "gradient of \(bands) bands"
        case .checker: "checker"
        case .noise(let width, let height, let bands): "noise \(width)×\(height)×\(bands)"
        case .pattern(let width, let height): "pattern \(width)×\(height)"
        }
    }

    var image: RGBImage? {
        switch self {
        case .solid(let width, let height, let colour): Self.make(width, height, colour.count) { _, _ in colour }
        case .gradient(let blue, let bands):
            Self.make(64, 48, bands) { x, y in
                [UInt8(4 * x), UInt8(5 * y), blue] + (bands == 4 ? [UInt8(4 * x)] : [])
            }
        case .checker:
            Self.make(64, 48, 3) { x, y in [UInt8](repeating: (x / 8 + y / 8) % 2 == 0 ? 255 : 0, count: 3) }
        case .noise(let width, let height, let bands):
            RGBImage(width: width, height: height, bands: bands, bytes: Self.noise(width * height * bands, seed: 7))
        case .pattern(let width, let height): Self.pattern(width, height)
        }
    }

    private static func make(_ width: Int, _ height: Int, _ bands: Int, _ pixel: (Int, Int) -> [UInt8]) -> RGBImage? {
        let bytes = (0..<height).flatMap { y in (0..<width).flatMap { x in pixel(x, y) } }
        return RGBImage(width: width, height: height, bands: bands, bytes: bytes)
    }

    private static func noise(_ count: Int, seed: UInt32) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(state >> 24)
        }
    }

    private static func pattern(_ width: Int, _ height: Int) -> RGBImage? {
        let noise = noise(width * height * 3, seed: 99)
        return make(width, height, 3) { x, y in
            let (u, v) = (x - width / 2, y - height / 3)
            let shapes = [x * x / 97 + y * 3, (x * y) / 61 + 40, u * u / 50 + v * v / 70]
            let first = (y * width + x) * 3
            return shapes.indices.map { UInt8(shapes[$0] % 256 * 7 / 8 + Int(noise[first + $0]) / 8) }
        }
    }
}
