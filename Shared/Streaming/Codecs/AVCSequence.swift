/// What an AVC sequence parameter set says of the kind of its pictures. Source: ITU-T H.264, 7.3.2.1.1.
struct AVCSequence {
    /// Fields may be coded one by one.
    let isInterlaced: Bool
    /// The transfer characteristics of ITU-T H.273; nil where nothing is said.
    let transfer: Int?

    /// - Parameter unit: the NAL unit, its header included.
    /// - Returns: nil where it cannot be read.
    init?(_ unit: ArraySlice<UInt8>) {
        var reader = BitReader(Self.withoutEscapes(unit)[...])
        _ = reader.bits(8)
        let profile = reader.bits(8)
        _ = reader.bits(16)
        guard reader.golomb() != nil else { return nil }
        if Self.highProfiles.contains(profile) { guard Self.skipChroma(&reader) else { return nil } }
        guard Self.skipOrder(&reader), reader.golomb() != nil else { return nil }
        _ = reader.bits(1)
        guard reader.golomb() != nil, reader.golomb() != nil else { return nil }
        // frame_mbs_only_flag
        isInterlaced = reader.bits(1) == 0
        transfer = Self.transfer(&reader, isInterlaced: isInterlaced)
    }

    /// Cropping, and the beginning of the usability information. Source: 7.3.2.1.1 and E.1.1.
    private static func transfer(_ reader: inout BitReader, isInterlaced: Bool) -> Int? {
        _ = reader.bits(isInterlaced ? 2 : 1)
        if reader.bits(1) == 1 { for _ in 0..<4 where reader.golomb() == nil { return nil } }
        guard reader.bits(1) == 1 else { return nil }
        // The pixels' aspect, overscan, the signal's type: each is there where a bit before it says so.
        if reader.bits(1) == 1, reader.bits(8) == 255 { _ = reader.bits(32) }
        if reader.bits(1) == 1 { _ = reader.bits(1) }
        guard reader.bits(1) == 1 else { return nil }
        _ = reader.bits(4)
        guard reader.bits(1) == 1 else { return nil }
        _ = reader.bits(8)
        return reader.bits(8)
    }

    private static let highProfiles: Set = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]

    /// Without the third byte of 00 00 03. Source: 7.4.1.
    private static func withoutEscapes(_ unit: ArraySlice<UInt8>) -> [UInt8] {
        var (bytes, zeros) = ([UInt8](), 0)
        for byte in unit {
            if zeros >= 2, byte == 3 {
                zeros = 0
            } else {
                zeros = byte == 0 ? zeros + 1 : 0
                bytes.append(byte)
            }
        }
        return bytes
    }

    /// Chroma format, depths and scaling lists.
    private static func skipChroma(_ reader: inout BitReader) -> Bool {
        guard let chroma = reader.golomb() else { return false }
        if chroma == 3 { _ = reader.bits(1) }
        guard reader.golomb() != nil, reader.golomb() != nil else { return false }
        _ = reader.bits(1)
        guard reader.bits(1) == 1 else { return true }
        for index in 0..<(chroma == 3 ? 12 : 8) where reader.bits(1) == 1 {
            guard skipScalingList(&reader, count: index < 6 ? 16 : 64) else { return false }
        }
        return true
    }

    /// Source: 7.3.2.1.1.1.
    private static func skipScalingList(_ reader: inout BitReader, count: Int) -> Bool {
        var (last, next) = (8, 8)
        for _ in 0..<count where next != 0 {
            guard let code = reader.golomb() else { return false }
            let delta = code % 2 == 1 ? (code + 1) / 2 : -code / 2
            next = (last + delta + 256) & 255
            if next != 0 { last = next }
        }
        return true
    }

    /// log2_max_frame_num and the picture order count.
    private static func skipOrder(_ reader: inout BitReader) -> Bool {
        guard reader.golomb() != nil, let type = reader.golomb() else { return false }
        if type == 0 { return reader.golomb() != nil }
        guard type == 1 else { return true }
        _ = reader.bits(1)
        guard reader.golomb() != nil, reader.golomb() != nil, let count = reader.golomb(), count <= 255 else { return false }
        return (0..<count).allSatisfy { _ in reader.golomb() != nil }
    }
}
