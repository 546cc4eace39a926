internal import CAV

extension MediaStream {
    init(_ stream: UnsafeMutablePointer<AVStream>, in context: UnsafeMutablePointer<AVFormatContext>) {
        let parameters = stream.pointee.codecpar.pointee
        let disposition = stream.pointee.disposition
        let base = stream.pointee.time_base
        index = Int(stream.pointee.index)
        kind = Kind(parameters.codec_type, isCover: disposition & AV_DISPOSITION_ATTACHED_PIC != 0)
        codec = String(cString: avcodec_get_name(parameters.codec_id))
        profile = avcodec_profile_name(parameters.codec_id, parameters.profile).map { String(cString: $0) }
        timeBase = Rational(base) ?? .one
        start = seconds(stream.pointee.start_time, base)
        duration = seconds(stream.pointee.duration, base).flatMap { $0 > 0 ? $0 : nil }
        bitRate = parameters.bit_rate > 0 ? Int(parameters.bit_rate) : nil
        language = tag("language", of: stream.pointee.metadata).flatMap { $0 == "und" ? nil : $0 }
        title = tag("title", of: stream.pointee.metadata)
        isDefault = disposition & AV_DISPOSITION_DEFAULT != 0
        isForced = disposition & AV_DISPOSITION_FORCED != 0
        let hasPicture = parameters.codec_type == AVMEDIA_TYPE_VIDEO && parameters.width > 0 && parameters.height > 0
        picture = hasPicture ? Picture(stream, parameters, context) : nil
        let hasSound = parameters.codec_type == AVMEDIA_TYPE_AUDIO && parameters.sample_rate > 0
        sound = hasSound && parameters.ch_layout.nb_channels > 0 ? Sound(parameters) : nil
        let isHeard = sound.map { $0.channels <= Sound.maxChannels } ?? false
        let isKnown = kind == .video || kind == .cover ? picture != nil : kind != .audio || isHeard
        isDecodable = isKnown && AllowedDecoders.decoder(for: parameters.codec_id) != nil
    }
}

extension MediaStream.Kind {
    init(_ type: AVMediaType, isCover: Bool) {
        self =
            switch type {
            case AVMEDIA_TYPE_VIDEO: isCover ? .cover : .video
            case AVMEDIA_TYPE_AUDIO: .audio
            case AVMEDIA_TYPE_SUBTITLE: .subtitle
            default: .data
            }
    }
}

extension MediaStream.Picture {
    init(
        _ stream: UnsafeMutablePointer<AVStream>, _ parameters: AVCodecParameters,
        _ context: UnsafeMutablePointer<AVFormatContext>
    ) {
        let format = av_pix_fmt_desc_get(AVPixelFormat(rawValue: parameters.format))
        width = Int(parameters.width)
        height = Int(parameters.height)
        pixelAspect = Self.sane(av_guess_sample_aspect_ratio(context, stream, nil))
        orientation = Self.orientation(of: stream)
        colour = Colour(parameters)
        pixelFormat = format.map { String(cString: $0.pointee.name) }
        bitDepth = format.map { Int($0.pointee.comp.0.depth) }
        isInterlaced = ![AV_FIELD_UNKNOWN, AV_FIELD_PROGRESSIVE].contains(parameters.field_order)
        frameRate = Rational(stream.pointee.avg_frame_rate) ?? Rational(stream.pointee.r_frame_rate)
        hasAlpha = format.map { $0.pointee.flags & UInt64(AV_PIX_FMT_FLAG_ALPHA) != 0 } ?? false
    }

    /// No camera makes pixels more than ten times as wide as high; a file that says so is not believed.
    private static func sane(_ aspect: AVRational) -> Rational {
        guard let aspect = Rational(aspect), (0.1...10).contains(aspect.value) else { return .one }
        return aspect
    }

    private static func orientation(of stream: UnsafeMutablePointer<AVStream>) -> Orientation {
        var size = 0
        guard let bytes = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size), size >= 36 else { return .upright }
        return bytes.withMemoryRebound(to: Int32.self, capacity: 9) { Orientation(matrix: $0) }
    }
}

extension MediaStream.Sound {
    init(_ parameters: AVCodecParameters) {
        sampleRate = Int(parameters.sample_rate)
        channels = Int(parameters.ch_layout.nb_channels)
        var layout = parameters.ch_layout
        self.layout = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let start = buffer.baseAddress, av_channel_layout_describe(&layout, start, buffer.count) > 0 else { return "" }
            buffer[buffer.count - 1] = 0
            return String(cString: start)
        }
    }
}

/// Nil for none.
func seconds(_ timestamp: Int64, _ base: AVRational) -> Double? {
    timestamp == mr_av_no_timestamp || base.den == 0 ? nil : Double(timestamp) * Double(base.num) / Double(base.den)
}

/// A tag of a file or a stream, without control characters, at most 200 characters; nil where there is none.
func tag(_ name: String, of dictionary: OpaquePointer?) -> String? {
    guard let entry = av_dict_get(dictionary, name, nil, 0), let value = entry.pointee.value else { return nil }
    let scalars = String(cString: value).unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
    let words = String(String.UnicodeScalarView(scalars.prefix(1000))).split(separator: " ")
    return words.isEmpty ? nil : String(words.joined(separator: " ").prefix(200))
}
