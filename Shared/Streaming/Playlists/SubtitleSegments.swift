/// One language's subtitles as HLS wants them: cut where the media is cut, with a playlist; and whole, for DASH.
struct SubtitleSegments {
    private let subtitles: Presentation.Subtitles
    private let target: Int
    private let segments: [(text: String, seconds: Double)]

    init(_ subtitles: Presentation.Subtitles, in presentation: Presentation) {
        self.subtitles = subtitles
        target = presentation.targetDuration
        var (start, segments) = (0.0, [(text: String, seconds: Double)]())
        for seconds in (presentation.videos.first ?? presentation.sounds.first?.rendition)?.pieces.map(\.seconds) ?? [] {
            let text = WebVTT.segment(subtitles.cues, from: start, to: start + seconds, mediaStart: presentation.start)
            segments.append((text, seconds))
            start += seconds
        }
        self.segments = segments
    }

    var rate: BitRate { BitRate(segments.map { Piece(bytes: $0.text.utf8.count, seconds: $0.seconds) }, target: target) }

    var files: [(path: String, text: String)] {
        let numbered = segments.enumerated().map { index, segment in
            ("\(subtitles.folder)/\(Self.name(index + 1))", segment.text)
        }
        return numbered + [(subtitles.playlist, playlist), (subtitles.whole, WebVTT.text(subtitles.cues))]
    }

    private var playlist: String {
        let entries = segments.enumerated().flatMap { index, segment in
            ["#EXTINF:\(Decimals.text(segment.seconds, digits: 6)),", Self.name(index + 1)]
        }
        return HLSWriter.lines(HLSWriter.head(target: target, map: false) + entries + ["#EXT-X-ENDLIST"])
    }

    private static func name(_ number: Int) -> String { Rendition.segmentName(number).replacing("m4s", with: "vtt") }
}

extension Presentation.Subtitles {
    var playlist: String { "\(folder)/\(Rendition.playlist)" }
    var whole: String { "\(folder).vtt" }
}
