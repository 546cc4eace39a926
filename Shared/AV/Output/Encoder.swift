internal import CAV

/// One encoder of video or sound. Frames go in with their number as timestamp (sound: with the number of their first sample),
/// packets come out in the order of decoding.
package final class Encoder {
    let context: UnsafeMutablePointer<AVCodecContext>
    let isVideo: Bool

    /// Samples that every frame of sound must have, the last one excepted; 0 for video.
    package var frameSize: Int { Int(context.pointee.frame_size) }
    /// Samples that come out before the first that was given in.
    package var delay: Int { Int(context.pointee.initial_padding) }
    package var timeBase: Rational { Rational(context.pointee.time_base) ?? .one }

    /// - Throws: also where the machine lacks what the encoder needs, for example a graphics card.
    package init(_ settings: VideoEncoderSettings) throws(AVError) {
        context = try Self.allocate(settings.codec.rawValue)
        isVideo = true
        context.pointee.width = Int32(clamping: settings.width)
        context.pointee.height = Int32(clamping: settings.height)
        context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
        context.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
        context.pointee.framerate = settings.frameRate.av
        context.pointee.time_base = AVRational(num: context.pointee.framerate.den, den: context.pointee.framerate.num)
        context.pointee.gop_size = Int32(clamping: settings.keyInterval)
        context.pointee.thread_count = Int32(clamping: settings.threads)
        context.pointee.color_range = AVCOL_RANGE_MPEG
        context.pointee.color_primaries = AVCOL_PRI_BT709
        context.pointee.color_trc = AVCOL_TRC_BT709
        context.pointee.colorspace = AVCOL_SPC_BT709
        context.pointee.chroma_sample_location = AVCHROMA_LOC_LEFT
        context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | Int32(bitPattern: AV_CODEC_FLAG_CLOSED_GOP)
        try open(settings.options)
        context.pointee.codec_tag = settings.tag
    }

    /// AAC-LC.
    package init(_ settings: AudioEncoderSettings) throws(AVError) {
        context = try Self.allocate("aac")
        isVideo = false
        context.pointee.sample_fmt = AV_SAMPLE_FMT_FLTP
        context.pointee.sample_rate = Int32(clamping: settings.sampleRate)
        context.pointee.time_base = AVRational(num: 1, den: context.pointee.sample_rate)
        context.pointee.bit_rate = Int64(settings.bitRate)
        context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT
        av_channel_layout_default(&context.pointee.ch_layout, Int32(AudioEncoderSettings.channels))
        try open([:])
    }

    /// Still pictures: `mjpeg` or `libwebp`. The quality is 1…100.
    package init(still codec: StillCodec, width: Int, height: Int, quality: Int) throws(AVError) {
        context = try Self.allocate(codec.rawValue)
        isVideo = true
        context.pointee.width = Int32(clamping: width)
        context.pointee.height = Int32(clamping: height)
        context.pointee.pix_fmt = codec == .jpeg ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P
        context.pointee.time_base = AVRational(num: 1, den: 1)
        context.pointee.thread_count = 1
        context.pointee.flags |= AV_CODEC_FLAG_BITEXACT
        var options: [String: String] = [:]
        switch codec {
        case .jpeg:
            // libavcodec's scale runs from 1 (best) to 31.
            let scale = Int32(clamping: max(1, (100 - quality) * 31 / 100))
            context.pointee.flags |= AV_CODEC_FLAG_QSCALE
            context.pointee.global_quality = scale * FF_QP2LAMBDA
        case .webp: options["quality"] = "\(quality)"
        }
        try open(options)
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&context)
    }

    /// Gives a frame in, which stays the caller's.
    /// - Parameters:
    ///   - number: the frame's, or that of its first sample.
    ///   - isKey: that it begins a closed group of pictures, a video's first frame always does.
    package func send(_ frame: borrowing Frame, number: Int, isKey: Bool = false) throws(AVError) {
        let copy = try Frame()
        try AVError.check(av_frame_ref(copy.pointer, frame.pointer), "a frame for the encoder")
        copy.pointer.pointee.pts = Int64(number)
        copy.pointer.pointee.pict_type = isKey ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE
        // Captions and dynamic HDR data belong to the source's pictures, not to ours.
        while copy.pointer.pointee.nb_side_data > 0, let side = copy.pointer.pointee.side_data[0] {
            av_frame_remove_side_data(copy.pointer, side.pointee.type)
        }
        if isVideo { describe(copy.pointer) }
        try AVError.check(avcodec_send_frame(context, copy.pointer), "encoding")
    }

    /// Nothing more will be sent.
    package func finish() throws(AVError) { try AVError.check(avcodec_send_frame(context, nil), "the end of encoding") }

    /// The next packet that is done.
    /// - Returns: false when the encoder takes more input, or everything is out.
    package func receive(into packet: borrowing Packet) throws(AVError) -> Bool {
        let status = avcodec_receive_packet(context, packet.pointer)
        if status == mr_av_error_again || status == mr_av_error_eof { return false }
        try AVError.check(status, "encoding")
        // x264 leaves it 0, and the last segment would end too early.
        if isVideo, packet.pointer.pointee.duration == 0 { packet.pointer.pointee.duration = 1 }
        return true
    }

    /// The colours of a frame are those that the encoder was opened for.
    private func describe(_ frame: UnsafeMutablePointer<AVFrame>) {
        frame.pointee.color_range = context.pointee.color_range
        frame.pointee.color_primaries = context.pointee.color_primaries
        frame.pointee.color_trc = context.pointee.color_trc
        frame.pointee.colorspace = context.pointee.colorspace
    }

    private static func allocate(_ name: String) throws(AVError) -> UnsafeMutablePointer<AVCodecContext> {
        guard let codec = avcodec_find_encoder_by_name(name) else { throw AVError(.other, "no encoder \(name) in libavcodec") }
        return try AVError.allocated(avcodec_alloc_context3(codec))
    }

    /// - Throws: also for an option that nobody understood.
    private func open(_ options: [String: String]) throws(AVError) {
        var dictionary: OpaquePointer?
        defer { av_dict_free(&dictionary) }
        for (name, value) in options { av_dict_set(&dictionary, name, value, 0) }
        try AVError.check(avcodec_open2(context, nil, &dictionary), "opening an encoder")
        guard av_dict_count(dictionary) == 0 else { throw AVError(.other, "an encoder does not know an option") }
    }
}

/// How still pictures are encoded, by libavcodec's names.
package enum StillCodec: String, Sendable, Hashable {
    case jpeg = "mjpeg"
    case webp = "libwebp"
}
