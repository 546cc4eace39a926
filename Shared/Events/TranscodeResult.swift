/// What the transcode step made of a video, or of sound alone. Names of files are keys in the object store.
package struct TranscodeResult: Codable, Hashable, Sendable {
    /// One rung of the video ladder.
    package struct Rendition: Codable, Hashable, Sendable {
        package var width: Int
        package var height: Int
        /// Frames per second.
        package var frameRate: Double
        /// As in RFC 6381: `avc1.64001f`.
        package var codec: String

        package init(width: Int, height: Int, frameRate: Double, codec: String) {
            self.width = width
            self.height = height
            self.frameRate = frameRate
            self.codec = codec
        }
    }

    /// The master playlist.
    package var hls: String
    /// The DASH manifest.
    package var dash: String
    /// A JPEG as large as the largest rendition.
    package var poster: String?
    /// WebVTT that leads to small pictures for previews while hovering.
    package var sprites: String?
    package var thumbnails: [Variant]
    /// Seconds.
    package var duration: Double
    /// From the largest to the smallest; none where there is only sound.
    package var renditions: [Rendition]
    /// Languages of the sound and of the subtitles, BCP 47; `und` where unknown.
    package var sounds: [String]
    package var subtitles: [String]
    /// False while further renditions are being made: what there is can be played.
    package var isComplete: Bool

    package init(
        hls: String, dash: String, poster: String? = nil, sprites: String? = nil, thumbnails: [Variant] = [],
        duration: Double, renditions: [Rendition], sounds: [String], subtitles: [String], isComplete: Bool
    ) {
        self.hls = hls
        self.dash = dash
        self.poster = poster
        self.sprites = sprites
        self.thumbnails = thumbnails
        self.duration = duration
        self.renditions = renditions
        self.sounds = sounds
        self.subtitles = subtitles
        self.isComplete = isComplete
    }

    /// The same below `prefix`, which ends with a slash.
    package func below(_ prefix: String) -> TranscodeResult {
        var copy = self
        copy.hls = prefix + hls
        copy.dash = prefix + dash
        copy.poster = poster.map { prefix + $0 }
        copy.sprites = sprites.map { prefix + $0 }
        for index in thumbnails.indices { copy.thumbnails[index].key = prefix + thumbnails[index].key }
        return copy
    }
}
