/// What the metadata step knows of a film or a sound, beside what it knows of its picture.
package struct StreamsResult: Codable, Hashable, Sendable {
    /// Seconds; absent where it cannot be found out.
    package var duration: Double?
    /// Bits per second over all streams.
    package var bitRate: Int?
    /// The first one is the film; further ones are other angles or languages.
    package var video: [Video] = []
    package var audio: [Audio] = []
    package var subtitles: [Subtitle] = []

    package struct Video: Codable, Hashable, Sendable {
        /// `h264`, `hevc`, `av1`, …
        package var codec: String
        package var profile: String?
        /// As stored, before orientation and pixel aspect are applied.
        package var width: Int
        package var height: Int
        /// Width of a pixel by its height: `1:1`, `64:45`.
        package var pixelAspect: String
        /// Frames per second: measured for the film, else as the file says.
        package var frameRate: Double?
        /// Whether frames last differently long; absent where that was not measured.
        package var hasVariableFrameRate: Bool?
        package var isInterlaced: Bool
        /// Bits per channel.
        package var bitDepth: Int?
        /// libavutil's name: `yuv420p`, …
        package var pixelFormat: String?
        /// `sdr`, `pq` or `hlg`.
        package var dynamicRange: String
        /// By H.273, with libavutil's names: `bt709`, `smpte2084`, `bt2020nc`, …; absent where the file does not say.
        package var primaries: String?
        package var transfer: String?
        package var matrix: String?
        /// `tv` (limited) or `pc` (full).
        package var range: String?
        /// Bits per second.
        package var bitRate: Int?
        package var language: String?

        package init(codec: String, width: Int, height: Int, pixelAspect: String, isInterlaced: Bool, dynamicRange: String) {
            self.codec = codec
            self.width = width
            self.height = height
            self.pixelAspect = pixelAspect
            self.isInterlaced = isInterlaced
            self.dynamicRange = dynamicRange
        }
    }

    package struct Audio: Codable, Hashable, Sendable {
        /// `aac`, `opus`, …
        package var codec: String
        package var profile: String?
        package var channels: Int
        /// `mono`, `stereo`, `5.1`, …
        package var layout: String
        /// Hertz.
        package var sampleRate: Int
        /// Bits per second.
        package var bitRate: Int?
        /// As in the file, mostly ISO 639-2: `eng`.
        package var language: String?
        package var title: String?
        package var isDefault: Bool

        package init(codec: String, channels: Int, layout: String, sampleRate: Int, isDefault: Bool) {
            self.codec = codec
            self.channels = channels
            self.layout = layout
            self.sampleRate = sampleRate
            self.isDefault = isDefault
        }
    }

    package struct Subtitle: Codable, Hashable, Sendable {
        /// `mov_text`, `subrip`, …
        package var codec: String
        package var language: String?
        package var title: String?
        package var isDefault: Bool
        package var isForced: Bool

        package init(codec: String, language: String?, title: String?, isDefault: Bool, isForced: Bool) {
            self.codec = codec
            self.language = language
            self.title = title
            self.isDefault = isDefault
            self.isForced = isForced
        }
    }

    package init() {}
}
