extension HLSWriter {
    package static let masterPlaylist = "master.m3u8"

    /// Source: RFC 8216, 4.3.4; draft-pantos-hls-rfc8216bis for VIDEO-RANGE.
    package static func master(of presentation: Presentation) -> String {
        let plan = MasterPlan(presentation)
        return lines(
            ["#EXTM3U", "#EXT-X-VERSION:\(version)", "#EXT-X-INDEPENDENT-SEGMENTS"]
                + plan.sounds + plan.subtitles + plan.variants + plan.iFrames)
    }
}

/// The lines of a master playlist, by kind.
private struct MasterPlan {
    private let presentation: Presentation
    private let target: Int
    private let subtitleRate: BitRate

    init(_ presentation: Presentation) {
        self.presentation = presentation
        target = presentation.targetDuration
        subtitleRate = .largest(of: presentation.subtitles.map { SubtitleSegments($0, in: presentation).rate })
    }

    var sounds: [String] {
        presentation.soundGroups.flatMap { group in
            let members = presentation.sounds.filter { $0.group == group }
            let chosen = members.firstIndex(where: \.isDefault) ?? 0
            let names = MasterPlan.unique(members.map(\.name))
            return members.enumerated().map { index, sound in
                var tag = Self.media("AUDIO", group: group, sound.language, names[index], isDefault: index == chosen)
                if let channels = sound.rendition.track.channels { tag.add("CHANNELS", quoted: String(channels)) }
                tag.add("URI", quoted: "\(sound.rendition.folder)/\(Rendition.playlist)")
                return "#EXT-X-MEDIA:" + tag.text
            }
        }
    }

    var subtitles: [String] {
        let names = MasterPlan.unique(presentation.subtitles.map(\.name))
        let chosen = presentation.subtitles.firstIndex(where: \.isDefault)
        return zip(presentation.subtitles, names).enumerated().map { index, pair in
            let (subtitles, name) = pair
            var tag = Self.media("SUBTITLES", group: Self.subtitleGroup, subtitles.language, name, isDefault: index == chosen)
            tag.add("FORCED", subtitles.isForced ? "YES" : "NO")
            tag.add("URI", quoted: subtitles.playlist)
            return "#EXT-X-MEDIA:" + tag.text
        }
    }

    private static let subtitleGroup = "subtitles"

    private static func media(
        _ type: String, group: String, _ language: String, _ name: String, isDefault: Bool
    ) -> TagWriter {
        var tag = TagWriter()
        tag.add("TYPE", type)
        tag.add("GROUP-ID", quoted: group)
        tag.add("LANGUAGE", quoted: language)
        tag.add("NAME", quoted: name)
        tag.add("DEFAULT", isDefault ? "YES" : "NO")
        tag.add("AUTOSELECT", "YES")
        return tag
    }

    /// Each rung with each group of sounds; of media without pictures, each group alone.
    var variants: [String] {
        let groups = presentation.soundGroups.map(Optional.some)
        let pairs = presentation.videos.flatMap { video in (groups.isEmpty ? [nil] : groups).map { (video, $0) } }
        let silentPairs = presentation.videos.isEmpty ? groups.compactMap(\.self) : []
        return pairs.flatMap { variant($0, group: $1) } + silentPairs.flatMap(soundOnly)
    }

    private func variant(_ video: Rendition, group: String?) -> [String] {
        let members = presentation.sounds.filter { $0.group == group }.map(\.rendition)
        let rate = rate(of: video) + .largest(of: members.map(rate)) + subtitleRate
        var tag = Self.stream(rate, codecs: [video.track.codecs] + members.map(\.track.codecs))
        Self.addPicture(video, to: &tag)
        tag.add("FRAME-RATE", Decimals.text(video.frameRate, digits: 3))
        tag.add("VIDEO-RANGE", video.track.videoRange.rawValue)
        return lines(tag, group: group, video)
    }

    private func soundOnly(_ group: String) -> [String] {
        let members = presentation.sounds.filter { $0.group == group }
        guard let chosen = members.first(where: \.isDefault) ?? members.first else { return [] }
        let rate = BitRate.largest(of: members.map { self.rate(of: $0.rendition) }) + subtitleRate
        return lines(Self.stream(rate, codecs: members.map(\.rendition.track.codecs)), group: group, chosen.rendition)
    }

    private func lines(_ tag: TagWriter, group: String?, _ rendition: Rendition) -> [String] {
        var tag = tag
        if let group { tag.add("AUDIO", quoted: group) }
        if !presentation.subtitles.isEmpty { tag.add("SUBTITLES", quoted: Self.subtitleGroup) }
        tag.add("CLOSED-CAPTIONS", "NONE")
        return ["#EXT-X-STREAM-INF:" + tag.text, "\(rendition.folder)/\(Rendition.playlist)"]
    }

    var iFrames: [String] {
        presentation.scrubbed.filter { !IFrames($0).isEmpty }.map { video in
            var tag = Self.stream(IFrames(video).rate, codecs: [video.track.codecs])
            Self.addPicture(video, to: &tag)
            tag.add("VIDEO-RANGE", video.track.videoRange.rawValue)
            tag.add("URI", quoted: "\(video.folder)/\(Rendition.iFramePlaylist)")
            return "#EXT-X-I-FRAME-STREAM-INF:" + tag.text
        }
    }

    private static func stream(_ rate: BitRate, codecs: [String]) -> TagWriter {
        var tag = TagWriter()
        tag.add("BANDWIDTH", rate.declaredPeak)
        tag.add("AVERAGE-BANDWIDTH", rate.declaredAverage)
        tag.add("CODECS", quoted: codecs.uniqued.joined(separator: ","))
        return tag
    }

    private static func addPicture(_ video: Rendition, to tag: inout TagWriter) {
        if let size = video.track.size { tag.add("RESOLUTION", "\(size.width)x\(size.height)") }
    }

    private func rate(of rendition: Rendition) -> BitRate { BitRate(rendition.pieces, target: target) }

    /// Names of one group must differ. Source: RFC 8216, 4.3.4.1.1.
    private static func unique(_ names: [String]) -> [String] {
        var used = Set<String>()
        return names.map { name in
            let candidates = [name] + (2...max(2, names.count + 1)).map { "\(name) \($0)" }
            let free = candidates.first { !used.contains($0) } ?? name
            used.insert(free)
            return free
        }
    }
}
