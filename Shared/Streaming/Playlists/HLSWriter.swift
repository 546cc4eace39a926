/// Media playlists from measured segments. Source: RFC 8216, 4.3.3; CMAF needs version 7.
package enum HLSWriter {
    static let version = 7

    /// Everything that is written about a presentation: the text of each file by its path below the stream's folder.
    package static func files(of presentation: Presentation) -> [(path: String, text: String)] {
        let renditions = presentation.videos + presentation.sounds.map(\.rendition)
        let target = presentation.targetDuration
        let media = renditions.map { ("\($0.folder)/\(Rendition.playlist)", playlist(of: $0, target: target)) }
        let iFrames = presentation.scrubbed.map { ("\($0.folder)/\(Rendition.iFramePlaylist)", IFrames($0).playlist) }
        let subtitles = presentation.subtitles.flatMap { SubtitleSegments($0, in: presentation).files }
        return media + iFrames + subtitles + [(masterPlaylist, master(of: presentation))]
    }

    /// - Parameter target: the target duration of the presentation in seconds, which all its renditions share.
    package static func playlist(of rendition: Rendition, target: Int) -> String {
        let segments = rendition.segments.enumerated().map { index, segment in
            let duration = Decimals.text(rendition.track.seconds(segment.duration), digits: 6)
            return ["#EXTINF:\(duration),", Rendition.segmentName(index + 1)]
        }
        return lines(head(target: target, map: true) + segments.flatMap(\.self) + ["#EXT-X-ENDLIST"])
    }

    static func head(target: Int, map: Bool, isIFramesOnly: Bool = false) -> [String] {
        ["#EXTM3U", "#EXT-X-VERSION:\(version)", "#EXT-X-TARGETDURATION:\(target)", "#EXT-X-MEDIA-SEQUENCE:1"]
            + ["#EXT-X-PLAYLIST-TYPE:VOD"] + (isIFramesOnly ? ["#EXT-X-I-FRAMES-ONLY"] : ["#EXT-X-INDEPENDENT-SEGMENTS"])
            + (map ? ["#EXT-X-MAP:URI=\"\(Rendition.initialization)\""] : [])
    }

    static func lines(_ lines: [String]) -> String { lines.joined(separator: "\n") + "\n" }
}
