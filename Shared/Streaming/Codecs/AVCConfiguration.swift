/// `avcC`. Source: ISO/IEC 14496-15, 5.3.3.1; RFC 6381, 3.3.
struct AVCConfiguration {
    /// As RFC 6381 wants it.
    let profile: String
    /// Bytes before each NAL unit.
    let lengthSize: Int
    let isInterlaced: Bool
    /// As in `AVCSequence`.
    let transfer: Int?

    init(_ box: Box) throws(FormatError) {
        var reader = ByteReader(box.payload)
        try reader.skip(1)
        profile = try reader.take(3).map { hex($0, digits: 2) }.joined()
        lengthSize = try reader.u8() & 3 + 1
        // Of avc3 it may lie in the samples.
        let sets = try reader.u8() & 31
        let sequence = sets == 0 ? nil : AVCSequence(try reader.take(try reader.u16()))
        isInterlaced = sequence?.isInterlaced ?? false
        transfer = sequence?.transfer
    }
}

/// Lower-case digits.
func hex(_ value: some BinaryInteger, digits: Int = 1) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}
