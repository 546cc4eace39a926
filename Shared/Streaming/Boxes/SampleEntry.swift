/// `stsd` with one entry: what the samples are coded with. Source: ISO/IEC 14496-12, 8.5.2 and 12.
struct SampleEntry {
    let codecs: String
    let coding: Coding
    private(set) var videoRange = Track.VideoRange.sdr
    private(set) var isInterlaced = false
    /// Of pixels as coded, or zero.
    private var width = 0
    private var height = 0
    private var channels = 0
    private var sampleRate = 0
    private let isVideo: Bool

    init(_ descriptions: Box, handler: String) throws(FormatError) {
        var (_, _, reader) = try descriptions.full()
        try reader.skip(4)
        let entries = try Box.all(in: reader.rest)
        guard let entry = entries.first, entries.count == 1 else {
            throw FormatError(.unsupported, "\(entries.count) sample descriptions")
        }
        reader = ByteReader(entry.payload)
        try reader.skip(8)
        isVideo = handler == "vide"
        switch handler {
        case "vide":
            try reader.skip(16)
            (width, height) = (try reader.u16(), try reader.u16())
            try reader.skip(50)
            let boxes = try Box.all(in: reader.rest)
            let own: Int?
            (codecs, coding, isInterlaced, own) = try Self.video(entry.type, boxes)
            videoRange = Self.range(try ColourBox(boxes)?.transfer ?? own)
        case "soun":
            try reader.skip(8)
            channels = try reader.u16()
            try reader.skip(6)
            sampleRate = try reader.u32() >> 16
            let sound = try AudioCodec(entry.type, try Box.all(in: reader.rest))
            (codecs, coding) = (sound.codecs, .other)
            channels = sound.channels ?? channels
        default: throw FormatError(.unsupported, "a track of \(handler.printable)")
        }
    }

    /// The size in the track's header, which pixel aspect is part of, counts; where it is missing, the coded one.
    func kind(shownAs header: TrackHeader) -> Track.Kind {
        guard isVideo else { return .audio(channels: channels, sampleRate: sampleRate) }
        let isKnown = header.width > 0 && header.height > 0
        return .video(width: isKnown ? header.width : width, height: isKnown ? header.height : height)
    }

    private static func video(_ type: String, _ boxes: [Box]) throws(FormatError) -> (
        String, Coding, isInterlaced: Bool, transfer: Int?
    ) {
        switch type {
        case "avc1", "avc3":
            let configuration = try AVCConfiguration(try boxes.need("avcC"))
            let coding = Coding.avc(lengthSize: configuration.lengthSize)
            return (type + "." + configuration.profile, coding, configuration.isInterlaced, configuration.transfer)
        case "hvc1", "hev1":
            let configuration = try HEVCConfiguration(try boxes.need("hvcC"))
            let coding = Coding.hevc(lengthSize: configuration.lengthSize)
            return (type + "." + configuration.profile, coding, configuration.isInterlaced, nil)
        case "av01":
            let configuration = try AV1Configuration(try boxes.need("av1C"))
            return (configuration.codecs(colour: try ColourBox(boxes)), .av1, false, nil)
        default: throw FormatError(.unsupported, "video coded as \(type)")
        }
    }

    /// Source: draft-pantos-hls-rfc8216bis, VIDEO-RANGE, and ITU-T H.273, table 3.
    private static func range(_ transfer: Int?) -> Track.VideoRange {
        switch transfer {
        case 16: .pq
        case 18: .hlg
        default: .sdr
        }
    }
}

/// `colr` of type `nclx`. Source: ISO/IEC 14496-12, 12.1.5.
struct ColourBox {
    let primaries: Int
    let transfer: Int
    let matrix: Int
    let isFullRange: Bool

    init?(_ boxes: [Box]) throws(FormatError) {
        guard let box = boxes.first("colr") else { return nil }
        var reader = ByteReader(box.payload)
        guard try reader.take(4).elementsEqual("nclx".utf8) else { return nil }
        (primaries, transfer, matrix) = (try reader.u16(), try reader.u16(), try reader.u16())
        isFullRange = try reader.u8() & 0x80 != 0
    }
}
