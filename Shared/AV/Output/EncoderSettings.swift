/// What a video encoder is to make. The source of the H.264 numbers is Apple's HLS authoring specification.
package struct VideoEncoderSettings: Sendable, Hashable {
    package var codec: VideoEncoder
    /// Pixels, even.
    package var width: Int
    package var height: Int
    /// Frames a second; frame n is shown at n divided by it.
    package var frameRate: Rational
    /// Constant quality, in the encoder's own scale: lower is better.
    package var quality: Int
    /// Bits a second that may not be exceeded for longer than `bufferSeconds`.
    package var maxBitRate: Int
    package var bufferSeconds = 1.5
    /// A closed group of pictures begins at least so often, counted in frames; where it begins is told with each frame.
    package var keyInterval: Int
    /// The encoder's name for the effort: `veryfast` for x264 and x265, 0…13 for SVT-AV1, `p1`…`p7` for NVENC.
    package var preset: String
    package var threads: Int

    package init(
        codec: VideoEncoder, width: Int, height: Int, frameRate: Rational, quality: Int, maxBitRate: Int, keyInterval: Int,
        preset: String, threads: Int
    ) {
        self.codec = codec
        self.width = width
        self.height = height
        self.frameRate = frameRate
        self.quality = quality
        self.maxBitRate = maxBitRate
        self.keyInterval = keyInterval
        self.preset = preset
        self.threads = threads
    }
}

/// What an AAC encoder is to make: two channels.
package struct AudioEncoderSettings: Sendable, Hashable, Codable {
    package static let channels = 2
    /// Samples a second.
    package var sampleRate = 48_000
    /// Bits a second.
    package var bitRate = 128_000

    package init() {}
}

/// The video encoders that may be used, by their names in libavcodec.
package enum VideoEncoder: String, Sendable, Hashable, CaseIterable, Codable {
    case x264 = "libx264"
    case x265 = "libx265"
    case svtAV1 = "libsvtav1"
    case nvencH264 = "h264_nvenc"
}
