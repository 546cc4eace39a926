/// What a file says of one of its streams.
package struct MediaStream: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable {
        case video, audio, subtitle
        /// A picture that stands for the whole, such as the cover of an album: it does not move.
        case cover
        /// Anything else: time codes, positions, fonts.
        case data
    }

    package let index: Int
    package let kind: Kind
    /// libavcodec's name: `h264`, `hevc`, `av1`, `aac`, `mov_text`, …
    package let codec: String
    /// For example `High`.
    package let profile: String?
    /// Whether one of the allowed decoders reads it, and it was found out what it would give: a size, a rate.
    package let isDecodable: Bool
    /// Seconds of one tick of its timestamps.
    package let timeBase: Rational
    /// Seconds; may be negative.
    package let start: Double?
    /// Seconds.
    package let duration: Double?
    /// Bits per second.
    package let bitRate: Int?
    /// As in the file, mostly ISO 639-2 (`eng`); nil for none and for `und`.
    package let language: String?
    package let title: String?
    package let isDefault: Bool
    package let isForced: Bool
    /// For `video` and `cover`.
    package let picture: Picture?
    /// For `audio`.
    package let sound: Sound?

    package struct Picture: Sendable, Hashable, Codable {
        /// As stored, before orientation and aspect are applied.
        package let width: Int
        package let height: Int
        /// Width of a pixel by its height.
        package let pixelAspect: Rational
        package let orientation: Orientation
        package let colour: Colour
        /// libavutil's name: `yuv420p10le`, …; nil where nothing could be decoded.
        package let pixelFormat: String?
        /// Bits per channel.
        package let bitDepth: Int?
        package let isInterlaced: Bool
        /// Frames per second: the mean that the file claims.
        package let frameRate: Rational?
        package let hasAlpha: Bool
    }

    package struct Sound: Sendable, Hashable, Codable {
        /// What libswresample mixes; sound with more is not decoded.
        package static let maxChannels = 64

        /// Hertz.
        package let sampleRate: Int
        package let channels: Int
        /// libavutil's name: `mono`, `stereo`, `5.1(side)`, …
        package let layout: String
    }
}

extension MediaStream.Picture {
    /// The size that people see: pixels made square (never fewer than stored rows or columns say), then turned.
    package var displaySize: (width: Int, height: Int) {
        let wide = max(1, Int((Double(width) * pixelAspect.value).rounded()))
        return orientation.swapsSides ? (height, wide) : (wide, height)
    }
}
