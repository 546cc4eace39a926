import AV

/// How renditions are encoded, where the ladder does not say it.
struct Encoding: Sendable, Hashable, Codable {
    /// Threads of the decoder, and of all encoders together at least.
    var threads = 2
    /// The encoders' names for their effort.
    var preset = "veryfast"
    var sound = AudioEncoderSettings()
    /// Seconds after which a jump forwards in a stream's times is the clock's; broadcasts have such jumps.
    var maxGap = 1e9
    /// Poster, thumbnails, previews and the pictures for winding; without them a stream is no longer what is promised. For measuring.
    var hasExtras = true

    func settings(_ rung: Rung, _ cadence: Cadence, beside count: Int) -> VideoEncoderSettings {
        VideoEncoderSettings(
            codec: rung.encoder, width: rung.width, height: rung.height,
            frameRate: Rational(cadence.rate.numerator, cadence.rate.denominator * rung.step) ?? cadence.rate,
            quality: rung.encoder.quality, maxBitRate: rung.maxBitRate, keyInterval: cadence.keyInterval / rung.step,
            preset: rung.encoder == .svtAV1 ? "9" : rung.encoder == .nvencH264 ? "p4" : preset,
            // With one thread of its own for each, encoders work beside each other; more would only compete.
            threads: max(2, threads / max(1, count)))
    }

    func preparation(_ video: TranscodePlan.Video) -> Preparation {
        Preparation(
            picture: video.picture, width: video.rungs.map(\.width).max() ?? 2, height: video.rungs.map(\.height).max() ?? 2,
            threads: threads)
    }
}

extension VideoEncoder {
    /// Constant quality of about the same look.
    var quality: Int {
        switch self {
        case .x264: 23
        case .x265: 26
        case .svtAV1: 35
        case .nvencH264: 27
        }
    }
}
