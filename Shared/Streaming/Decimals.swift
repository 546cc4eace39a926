/// Numbers as playlists want them, without a locale.
enum Decimals {
    /// `value` with exactly `digits` digits behind the point, rounded to the nearest.
    static func text(_ value: Double, digits: Int) -> String {
        let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
        let scaled = whole(value * Double(scale))
        let (number, rest) = scaled.magnitude.quotientAndRemainder(dividingBy: UInt(scale))
        let sign = scaled < 0 ? "-" : ""
        return digits == 0 ? "\(sign)\(number)" : "\(sign)\(number)." + String(String(UInt(scale) + rest).dropFirst())
    }

    /// The same without zeros at the end.
    static func short(_ value: Double, digits: Int) -> String {
        var text = text(value, digits: digits)
        while text.hasSuffix("0") { text.removeLast() }
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    /// Rounded to the nearest; what is too large for it, or no number, becomes the largest that we write.
    static func whole(_ value: Double) -> Int { Int(exactly: max(-limit, min(value, limit)).rounded()) ?? Int(limit) }

    private static let limit = 1e17
}
