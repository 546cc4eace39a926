/// `avcC`. Source: ISO/IEC 14496-15, 5.3.3.1; RFC 6381, 3.3.
struct AVCConfiguration {
    private let profile: ArraySlice<UInt8>
    private let lengthSize: Int

    init(_ box: Box) throws(FormatError) {
        var reader = ByteReader(box.payload)
        try reader.skip(1)
        profile = try reader.take(3)
        lengthSize = try reader.u8() & 3 + 1
    }

    func described(as type: String) -> (String, Coding) {
        (type + "." + profile.map { hex($0, digits: 2) }.joined(), .avc(lengthSize: lengthSize))
    }
}

/// Lower-case digits.
func hex(_ value: some BinaryInteger, digits: Int = 1) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}
