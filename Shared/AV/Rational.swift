internal import CAV

/// A fraction as media files have them: time bases, frame rates, aspects of pixels. Its denominator is never zero.
package struct Rational: Sendable, Hashable, Codable {
    package let numerator: Int
    package let denominator: Int

    /// Nil for what is no positive number.
    package init?(_ numerator: Int, _ denominator: Int) {
        guard numerator > 0, denominator > 0 else { return nil }
        self.numerator = numerator
        self.denominator = denominator
    }

    init?(_ rational: AVRational) { self.init(Int(rational.num), Int(rational.den)) }

    package static let one = Rational(checked: 1, 1)

    private init(checked numerator: Int, _ denominator: Int) {
        self.numerator = numerator
        self.denominator = denominator
    }

    package var value: Double { Double(numerator) / Double(denominator) }

    var av: AVRational { AVRational(num: Int32(clamping: numerator), den: Int32(clamping: denominator)) }
}
