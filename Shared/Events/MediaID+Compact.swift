extension MediaID {
    /// The id in 22 characters that sort as ids do: its 128 bits in base 64, the highest first, with an alphabet in ASCII's order.
    package var compact: String {
        let value = UInt128(rawValue.replacing("-", with: ""), radix: 16) ?? 0
        return String(decoding: (0..<22).reversed().map { Self.alphabet[Int(value >> (6 * $0) & 63)] }, as: UTF8.self)
    }

    /// Nil for anything that `compact` does not produce.
    package init?(compact text: String) {
        let digits = text.utf8.compactMap { Self.alphabet.firstIndex(of: $0) }
        guard text.utf8.count == 22, digits.count == 22, digits[0] < 4 else { return nil }
        let value = digits.reduce(UInt128(0)) { $0 << 6 | UInt128($1) }
        self.init(high: UInt64(value >> 64), low: UInt64(truncatingIfNeeded: value))
    }

    private static let alphabet = Array("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz".utf8)
}
