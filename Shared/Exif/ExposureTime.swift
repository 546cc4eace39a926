enum ExposureTime {
    /// Seconds as photographers write them: `1/250`, `2/5`, `2.5`. Nil for none and for more than a week.
    static func text(_ time: Rational) -> String? {
        guard let seconds = time.value(in: 1e-9...604_800) else { return nil }
        return seconds < 1 ? fraction(time, seconds) : decimal(seconds)
    }

    /// One over a whole number where that is within two per cent, else the reduced fraction.
    private static func fraction(_ time: Rational, _ seconds: Double) -> String {
        let whole = (1 / seconds).rounded()
        if whole > 1, abs(1 / whole - seconds) <= seconds / 50 { return "1/\(Int(whole))" }
        let divisor = greatestCommonDivisor(time.numerator, time.denominator)
        let (numerator, denominator) = (time.numerator / divisor, time.denominator / divisor)
        return denominator <= 100 ? "\(numerator)/\(denominator)" : "\(Int((seconds * 100).rounded()))/100"
    }

    private static func decimal(_ seconds: Double) -> String {
        let tenths = Int((seconds * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
}
