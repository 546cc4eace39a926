/// Big-endian numbers from bytes that others wrote; it never reads beyond their end.
struct ByteReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func u8() throws(FormatError) -> Int { Int(try number(1)) }
    mutating func u16() throws(FormatError) -> Int { Int(try number(2)) }
    mutating func u24() throws(FormatError) -> Int { Int(try number(3)) }
    mutating func u32() throws(FormatError) -> Int { Int(try number(4)) }
    mutating func u64() throws(FormatError) -> UInt64 { try number(8) }
    mutating func i32() throws(FormatError) -> Int { Int(Int32(truncatingIfNeeded: try number(4))) }

    mutating func skip(_ count: Int) throws(FormatError) { _ = try take(count) }

    mutating func take(_ count: Int) throws(FormatError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= rest.count else {
            throw FormatError(.truncated, "\(count) bytes wanted where \(rest.count) are left")
        }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private mutating func number(_ count: Int) throws(FormatError) -> UInt64 {
        try take(count).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// Bits from the highest to the lowest; beyond the end there are only zeros.
struct BitReader {
    private let bytes: ArraySlice<UInt8>
    private var position = 0

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    mutating func bits(_ count: Int) -> Int { (0..<count).reduce(0) { value, _ in value << 1 | bit() } }

    /// An unsigned Exp-Golomb number; nil when it is longer than 32 bits. Source: ITU-T H.264, 9.1.
    mutating func golomb() -> Int? {
        var zeros = 0
        while bit() == 0 {
            zeros += 1
            guard zeros <= 32 else { return nil }
        }
        return (1 << zeros) - 1 + bits(zeros)
    }

    private mutating func bit() -> Int {
        let index = bytes.startIndex + position / 8
        defer { position += 1 }
        return index < bytes.endIndex ? Int(bytes[index] >> (7 - position % 8)) & 1 : 0
    }
}
