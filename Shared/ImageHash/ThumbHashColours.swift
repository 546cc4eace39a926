/// An image in ThumbHash's channels, each from 0 to 1, composited over its average colour.
struct ThumbHashColours {
    private(set) var luminance: [Double] = []
    private(set) var yellowBlue: [Double] = []
    private(set) var redGreen: [Double] = []
    private(set) var alpha: [Double] = []
    let hasAlpha: Bool

    init(_ image: RGBImage) {
        let pixels = stride(from: 0, to: image.bytes.count, by: image.bands).map { index in
            let (r, g, b) = (image.bytes[index], image.bytes[index + 1], image.bytes[index + 2])
            return Pixel(
                colour: SIMD3(Double(r), Double(g), Double(b)),
                alpha: image.bands == 4 ? Double(image.bytes[index + 3]) / 255 : 1)
        }
        var (average, opacity) = (SIMD3<Double>(), 0.0)
        for pixel in pixels {
            average += pixel.alpha / 255 * pixel.colour
            opacity += pixel.alpha
        }
        if opacity > 0 { average /= opacity }
        hasAlpha = opacity < Double(pixels.count)
        for pixel in pixels { append(average * (1 - pixel.alpha) + pixel.alpha / 255 * pixel.colour, alpha: pixel.alpha) }
    }

    private mutating func append(_ colour: SIMD3<Double>, alpha: Double) {
        luminance.append((colour.x + colour.y + colour.z) / 3)
        yellowBlue.append((colour.x + colour.y) / 2 - colour.z)
        redGreen.append(colour.x - colour.y)
        self.alpha.append(alpha)
    }

    /// `colour` from 0 to 255, `alpha` from 0 to 1.
    private struct Pixel {
        let colour: SIMD3<Double>
        let alpha: Double
    }
}
