/// The bytes of one entry and how to read them. Readers answer nil, or nothing, where the format does not fit.
struct ExifValue {
    /// TIFF 6.0, section 2: those of the tags that we read.
    enum Format: UInt32 { case byte = 1, ascii, short, long, rational }

    /// What is kept of an entry, in bytes.
    static let maxSize = 4096

    let format: Format
    let bytes: [UInt8]
    let isBigEndian: Bool

    /// Up to the first NUL, trimmed, without control characters, at most 200 characters; nil when nothing is left.
    var text: String? {
        guard format == .ascii else { return nil }
        let scalars = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self).unicodeScalars
        let clean = scalars.map { $0.properties.generalCategory == .control ? " " : $0 }
        let words = String(String.UnicodeScalarView(clean)).split(separator: " ", omittingEmptySubsequences: false)
        let trimmed = words.drop { $0.isEmpty }.reversed().drop { $0.isEmpty }.reversed().joined(separator: " ")
        return trimmed.isEmpty ? nil : String(trimmed.prefix(200))
    }

    /// The first number of a list of whole numbers.
    var integer: Int? {
        switch format {
        case .byte: number(at: 0, size: 1)
        case .short: number(at: 0, size: 2)
        case .long: number(at: 0, size: 4)
        default: nil
        }
    }

    var rationals: [Rational] {
        guard format == .rational else { return [] }
        return stride(from: 0, to: bytes.count - 7, by: 8).compactMap { offset in
            guard let numerator = number(at: offset, size: 4), let denominator = number(at: offset + 4, size: 4) else {
                return nil
            }
            return Rational(numerator: numerator, denominator: denominator)
        }
    }

    private func number(at offset: Int, size: Int) -> Int? {
        guard offset + size <= bytes.count else { return nil }
        let slice = bytes[offset..<offset + size]
        return isBigEndian ? slice.reduce(0) { $0 << 8 | Int($1) } : slice.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}

/// A fraction as the file has it; its denominator may be zero.
struct Rational: Hashable {
    let numerator: Int
    let denominator: Int

    /// Nil when it is not a number or outside of `range`.
    func value(in range: ClosedRange<Double>) -> Double? {
        guard denominator != 0 else { return nil }
        let value = Double(numerator) / Double(denominator)
        return range.contains(value) ? value : nil
    }
}
