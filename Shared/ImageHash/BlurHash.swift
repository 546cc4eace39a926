/// A blurred placeholder in a short text. Alpha is ignored.
///
/// Source: github.com/woltapp/blurhash, `Algorithm.md` and the reference encoder in C. Its answers are matched to the last
/// character, so that single and double precision are mixed as there, and the cosines are taken at `x / width`, not at the
/// centres of the pixels.
package enum BlurHash {
    /// - Parameters:
    ///   - x: components across, brought into 1…9.
    ///   - y: components down, brought into 1…9.
    /// - Returns: `4 + 2·x·y` characters of base 83.
    package static func encode(_ image: RGBImage, x: Int = 4, y: Int = 3) -> String {
        let (x, y) = (min(9, max(1, x)), min(9, max(1, y)))
        let factors = cosineFactors(of: image, x: x, y: y)
        let waves = factors.dropFirst()
        let strongest = waves.map { max(abs($0.x), abs($0.y), abs($0.z)) }.max()
        let quantised = strongest.map { steps(Double($0 * 166) - 0.5, to: 82) } ?? 0
        let scale = strongest == nil ? 1 : (Float(quantised) + 1) / 166

        var hash = Base83.encode((x - 1) + (y - 1) * 9, digits: 1) + Base83.encode(quantised, digits: 1)
        hash += Base83.encode(average(factors[0]), digits: 4)
        return waves.reduce(into: hash) { $0 += Base83.encode(wave($1, scale: scale), digits: 2) }
    }

    /// The average colour as 24-bit sRGB.
    private static func average(_ factor: SIMD4<Float>) -> Int {
        LinearLight.toByte(factor.x) << 16 | LinearLight.toByte(factor.y) << 8 | LinearLight.toByte(factor.z)
    }

    /// Three values from 0 to 18 (9: none), as one number of base 19.
    private static func wave(_ factor: SIMD4<Float>, scale: Float) -> Int {
        (0..<3).reduce(0) { number, channel in
            let value = factor[channel] / scale
            let root = LibM.power(abs(value), 0.5) * 9
            return number * 19 + steps(Double(value < 0 ? -root : root) + 9.5, to: 18)
        }
    }

    private static func steps(_ value: Double, to limit: Float) -> Int { Int(min(limit, max(0, Float(value).rounded(.down)))) }
}

/// Numbers in BlurHash's alphabet of 83 characters.
enum Base83 {
    private static let alphabet = Array(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~")

    static func encode(_ value: Int, digits: Int) -> String {
        var (rest, text) = (value, [Character]())
        for _ in 0..<digits {
            text.append(alphabet[rest % 83])
            rest /= 83
        }
        return String(text.reversed())
    }
}
