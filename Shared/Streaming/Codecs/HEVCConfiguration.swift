/// `hvcC`. Source: ISO/IEC 14496-15, 8.3.3.1 and annex E.3.
struct HEVCConfiguration {
    /// As ISO/IEC 14496-15 wants it.
    let profile: String
    /// Bytes before each NAL unit.
    let lengthSize: Int
    let isInterlaced: Bool

    init(_ box: Box) throws(FormatError) {
        var reader = ByteReader(box.payload)
        try reader.skip(1)
        let first = try reader.u8()
        let compatibility = UInt32(try reader.u32())
        let constraints = Array(try reader.take(6))
        // Not general_progressive_source_flag, but general_interlaced_source_flag.
        isInterlaced = constraints[0] & 0xc0 == 0x40
        let level = try reader.u8()
        try reader.skip(8)
        lengthSize = try reader.u8() & 3 + 1
        profile = Self.text(first: first, compatibility: compatibility, constraints: constraints, level: level)
    }

    private static func text(first: Int, compatibility: UInt32, constraints: [UInt8], level: Int) -> String {
        let space = ["", "A", "B", "C"][first >> 6]
        let tier = first & 0x20 == 0 ? "L" : "H"
        let reversed = (0..<32).reduce(UInt32(0)) { $0 | (compatibility >> UInt32($1) & 1) << (31 - UInt32($1)) }
        let used = constraints.lastIndex { $0 != 0 }.map { constraints[...$0] } ?? []
        let parts = ["\(space)\(first & 31)", hex(reversed).uppercased(), "\(tier)\(level)"]
        return (parts + used.map { hex($0).uppercased() }).joined(separator: ".")
    }
}
