/// `av1C`. Source: AV1 Codec ISO Media File Format Binding, 2.3 and 5.
struct AV1Configuration {
    private let profile: Int
    private let level: Int
    private let isHighTier: Bool
    private let depth: Int
    private let isMonochrome: Bool
    private let subsampling: Int

    init(_ box: Box) throws(FormatError) {
        var reader = ByteReader(box.payload)
        try reader.skip(1)
        let (first, second) = (try reader.u8(), try reader.u8())
        (profile, level) = (first >> 5, first & 31)
        isHighTier = second & 0x80 != 0
        depth = second & 0x40 == 0 ? 8 : second & 0x20 == 0 ? 10 : 12
        isMonochrome = second & 0x10 != 0
        subsampling = second >> 2 & 3
    }

    /// The optional fields all appear, or none where all have their defaults.
    func codecs(colour: ColourBox?) -> String {
        let short = "av01.\(profile).\(two(level))\(isHighTier ? "H" : "M").\(two(depth))"
        let (primaries, transfer, matrix) = (colour?.primaries ?? 1, colour?.transfer ?? 1, colour?.matrix ?? 1)
        let isFull = colour?.isFullRange ?? false
        if !isMonochrome, subsampling == 3, (primaries, transfer, matrix) == (1, 1, 1), !isFull { return short }
        let sampling = "\(subsampling >> 1)\(subsampling & 1)0"
        return short + ".\(isMonochrome ? 1 : 0).\(sampling).\(two(primaries)).\(two(transfer)).\(two(matrix)).\(isFull ? 1 : 0)"
    }

    private func two(_ value: Int) -> String { (value < 10 ? "0" : "") + String(value) }
}
