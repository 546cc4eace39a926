internal import CAV

/// The decoders that strangers' bytes may reach: what people upload, and nothing that only exists in libavcodec's museum, where
/// most of its faults are found.
enum AllowedDecoders {
    static let names = video + audio + subtitles

    /// As libavformat and libavcodec want their allow-lists.
    static let list = names.joined(separator: ",")

    /// The first of libavcodec's decoders for a codec that is allowed.
    static func decoder(for codec: AVCodecID) -> UnsafePointer<AVCodec>? {
        var position: UnsafeMutableRawPointer?
        while let candidate = av_codec_iterate(&position) {
            guard candidate.pointee.id == codec, av_codec_is_decoder(candidate) != 0 else { continue }
            if names.contains(String(cString: candidate.pointee.name)) { return candidate }
        }
        return nil
    }

    private static let video = [
        "h264", "hevc", "libdav1d", "vp8", "vp9", "mpeg4", "mpeg2video", "mpeg1video", "h263", "msmpeg4", "theora", "prores",
        "dnxhd", "dvvideo", "ffv1", "mjpeg", "png", "rawvideo", "vc1", "wmv3",
    ]

    private static let audio =
        [
            "aac", "aac_latm", "mp3float", "mp3", "mp2float", "mp2", "ac3", "eac3", "dca", "truehd", "flac", "alac", "vorbis",
            "opus", "amrnb", "amrwb", "adpcm_ms", "adpcm_ima_wav", "adpcm_ima_qt",
        ] + pcm

    private static let pcm = [
        "u8", "s16le", "s16be", "s24le", "s24be", "s32le", "s32be", "f32le", "f32be", "f64le", "f64be", "alaw", "mulaw", "bluray",
        "dvd",
    ].map { "pcm_\($0)" }

    private static let subtitles = ["mov_text", "subrip", "srt", "ass", "ssa", "webvtt", "text"]
}
