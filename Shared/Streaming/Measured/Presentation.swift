/// Everything that may be played now; playlists are a function of it, written anew when a rung has joined.
package struct Presentation: Sendable {
    package struct Sound: Sendable {
        package let rendition: Rendition
        /// BCP 47; `und` where unknown.
        package let language: String
        /// For people to choose by; made unique when it is not.
        package let name: String
        package let isDefault: Bool
        /// Renditions that can stand for one another, such as `stereo` and `surround`.
        package let group: String

        package init(_ rendition: Rendition, language: String, name: String, isDefault: Bool, group: String = "stereo") {
            (self.rendition, self.language, self.name) = (rendition, language, name)
            (self.isDefault, self.group) = (isDefault, group)
        }
    }

    package struct Subtitles: Sendable {
        /// Holds the segments and their playlist; beside it, with the suffix `.vtt`, lies the whole.
        package let folder: String
        package let language: String
        package let name: String
        package let cues: [WebVTT.Cue]
        /// Shown unless people choose otherwise.
        package let isDefault: Bool
        /// Only what must be understood by those who do not want subtitles, such as signs.
        package let isForced: Bool

        package init(
            folder: String, language: String, name: String, cues: [WebVTT.Cue], isDefault: Bool = false, isForced: Bool = false
        ) {
            (self.folder, self.language, self.name, self.cues) = (folder, language, name, cues)
            (self.isDefault, self.isForced) = (isDefault, isForced)
        }
    }

    /// In the order of the master playlist: players begin with the first.
    package var videos: [Rendition]
    package var sounds: [Sound]
    package var subtitles: [Subtitles]
    /// Renditions of key frames alone, about one a second. Without any, the key frames of `videos` serve.
    package var trickPlay: [Rendition]

    package init(
        videos: [Rendition] = [], sounds: [Sound] = [], subtitles: [Subtitles] = [], trickPlay: [Rendition] = []
    ) {
        (self.videos, self.sounds, self.subtitles, self.trickPlay) = (videos, sounds, subtitles, trickPlay)
    }

    /// In seconds, of the longest rendition.
    package var duration: Double { (videos + sounds.map(\.rendition)).map(\.duration).max() ?? 0 }

    /// Whole seconds; the same for all video and sound. Source: RFC 8216, 4.3.3.1 and 6.2.4.
    var targetDuration: Int {
        let longest = (videos + sounds.map(\.rendition)).flatMap(\.pieces).map(\.seconds).max() ?? 0
        return max(1, Decimals.whole(longest))
    }

    /// When the first picture, or sound, comes, in seconds.
    var start: Double {
        let first = videos.first ?? sounds.first?.rendition
        return first.flatMap { rendition in rendition.segments.first.map { rendition.track.seconds($0.firstShown) } } ?? 0
    }

    var soundGroups: [String] { sounds.map(\.group).uniqued }

    /// What I-frame playlists are written from.
    var scrubbed: [Rendition] { trickPlay.isEmpty ? videos : trickPlay }
}

extension Sequence where Element: Hashable {
    /// Each once, in the order of first appearance.
    var uniqued: [Element] {
        var seen = Set<Element>()
        return filter { seen.insert($0).inserted }
    }
}
