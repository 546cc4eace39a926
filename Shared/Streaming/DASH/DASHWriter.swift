/// One MPD over the same segments that the HLS playlists name.
///
/// Source: ISO/IEC 23009-1, 5.3; the profile `isoff-live` wants a SegmentTemplate (8.4).
package enum DASHWriter {
    package static let manifest = "manifest.mpd"

    package static func manifest(of presentation: Presentation) -> String {
        let target = presentation.targetDuration
        let duration = Self.duration(presentation.duration)
        let plan = AdaptationPlan(presentation, target: target)
        let root = XMLElement(
            "MPD",
            [
                "xmlns": "urn:mpeg:dash:schema:mpd:2011",
                "profiles": "urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019", "type": "static",
                "mediaPresentationDuration": duration, "minBufferTime": Self.duration(Double(target)),
                "maxSegmentDuration": Self.duration(plan.longestSegment),
            ], [XMLElement("Period", ["id": "0", "start": "PT0S", "duration": duration], plan.sets)])
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + root.written()
    }

    /// `PT6.5S`. Source: W3C XML Schema, duration.
    private static func duration(_ seconds: Double) -> String { "PT\(Decimals.short(seconds, digits: 6))S" }
}

/// The adaptation sets: a player switches among the representations of one, and the user between them.
private struct AdaptationPlan {
    private let presentation: Presentation
    private let target: Int

    init(_ presentation: Presentation, target: Int) { (self.presentation, self.target) = (presentation, target) }

    var longestSegment: Double {
        (presentation.videos + presentation.sounds.map(\.rendition)).flatMap(\.pieces).map(\.seconds).max() ?? 0
    }

    var sets: [XMLElement] {
        let numbered = (videoSets + trickPlaySets + soundSets + textSets).enumerated()
        return numbered.map { index, set in
            var set = set
            set.add("id", String(index))
            return set
        }
    }

    /// One for each codec: players do not switch between codecs. The first has the id 0.
    private var videoSets: [XMLElement] {
        Self.byCodec(presentation.videos).map { videos in
            Self.set("video", "video/mp4", Self.transfer(videos[0].track), videos.map(representation))
        }
    }

    private var trickPlaySets: [XMLElement] {
        Self.byCodec(presentation.trickPlay).map { renditions in
            let mark = XMLElement(
                "EssentialProperty", ["schemeIdUri": "http://dashif.org/guidelines/trickmode", "value": "0"])
            let representations = renditions.map { rendition in
                var element = representation(rendition)
                element.add("codingDependency", "false")
                return element
            }
            return Self.set("video", "video/mp4", [mark] + Self.transfer(renditions[0].track), representations)
        }
    }

    private var soundSets: [XMLElement] {
        presentation.sounds.map { sound in
            var set = Self.set(
                "audio", "audio/mp4", [Self.label(sound.name), Self.role(sound.isDefault ? "main" : "alternate")],
                [representation(sound.rendition)])
            set.add("lang", sound.language)
            return set
        }
    }

    private var textSets: [XMLElement] {
        presentation.subtitles.map { subtitles in
            let rate = SubtitleSegments(subtitles, in: presentation).rate
            let representation = XMLElement(
                "Representation",
                ["id": subtitles.folder, "bandwidth": String(max(1, rate.declaredPeak))],
                [XMLElement("BaseURL", text: subtitles.whole)])
            var set = XMLElement(
                "AdaptationSet", ["contentType": "text", "mimeType": "text/vtt"],
                [Self.label(subtitles.name), Self.role("subtitle"), representation])
            set.add("lang", subtitles.language)
            return set
        }
    }

    private static func byCodec(_ renditions: [Rendition]) -> [[Rendition]] {
        let family = { (rendition: Rendition) in rendition.track.codecs.prefix(4) }
        return renditions.map(family).uniqued.map { name in renditions.filter { family($0) == name } }
    }

    private static func set(
        _ type: String, _ mimeType: String, _ properties: [XMLElement], _ representations: [XMLElement]
    ) -> XMLElement {
        XMLElement(
            "AdaptationSet",
            ["contentType": type, "mimeType": mimeType, "segmentAlignment": "true", "startWithSAP": "1"],
            properties + representations)
    }

    private static func role(_ value: String) -> XMLElement {
        XMLElement("Role", ["schemeIdUri": "urn:mpeg:dash:role:2011", "value": value])
    }

    private static func label(_ text: String) -> XMLElement { XMLElement("Label", text: text) }

    /// What is no SDR says so. Source: ISO/IEC 23091-2.
    private static func transfer(_ track: Track) -> [XMLElement] {
        let value = [Track.VideoRange.pq: "16", .hlg: "18"][track.videoRange]
        return value.map {
            [XMLElement("SupplementalProperty", ["schemeIdUri": "urn:mpeg:mpegB:cicp:TransferCharacteristics", "value": $0])]
        } ?? []
    }

    private func representation(_ rendition: Rendition) -> XMLElement {
        let rate = BitRate(rendition.pieces, target: target)
        var element = XMLElement(
            "Representation",
            ["id": rendition.folder, "codecs": rendition.track.codecs, "bandwidth": String(max(1, rate.declaredPeak))],
            rendition.channelConfiguration + [rendition.segmentTemplate])
        switch rendition.track.kind {
        case .video(let width, let height):
            element.add("width", String(width))
            element.add("height", String(height))
            element.add("frameRate", rendition.frameRateFraction)
            element.add("sar", "1:1")
        case .audio(_, let sampleRate): element.add("audioSamplingRate", String(sampleRate))
        }
        return element
    }
}
