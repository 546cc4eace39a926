/// A blurred placeholder in a short text. Alpha is ignored.
///
/// Source: github.com/woltapp/blurhash, `Algorithm.md`, and the reference encoder in C. Like the reference, the cosines are
/// taken at `x / width`, not at the centres of the pixels.
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
        let quantised = strongest.map { Int(min(82, max(0, ($0 * 166 - 0.5).rounded(.down)))) } ?? 0
        let scale = strongest == nil ? 1 : Double(quantised + 1) / 166

        var hash = Base83.encode((x - 1) + (y - 1) * 9, digits: 1) + Base83.encode(quantised, digits: 1)
        hash += Base83.encode(average(factors[0]), digits: 4)
        return waves.reduce(into: hash) { $0 += Base83.encode(wave($1, scale: scale), digits: 2) }
    }

    /// The average colour as 24-bit sRGB.
    private static func average(_ factor: SIMD3<Double>) -> Int {
        LinearLight.toByte(factor.x) << 16 | LinearLight.toByte(factor.y) << 8 | LinearLight.toByte(factor.z)
    }

    /// Three values from 0 to 18 (9: none), as one number of base 19.
    private static func wave(_ factor: SIMD3<Double>, scale: Double) -> Int {
        (0..<3).reduce(0) { number, channel in
            let value = factor[channel] / scale
            let root = value < 0 ? -(-value).squareRoot() : value.squareRoot()
            return number * 19 + Int(min(18, max(0, (root * 9 + 9.5).rounded(.down))))
        }
    }
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
