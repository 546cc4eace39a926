extension StreamRule {
    static let subtitles = [subtitleTimes, subtitleLength, subtitleCues]

    /// Every WebVTT segment maps its times to the media's, to the beginning of the first picture.
    ///
    /// Source: RFC 8216, 3.5; HLS Authoring, 5.3.
    static let subtitleTimes = StreamRule("subtitle-times", "RFC 8216, 3.5; HLS Authoring 5.3") { stream in
        let start = stream.videos.first.flatMap { video in video.segments.first.map { video.seconds($0.firstShown) } } ?? 0
        return stream.subtitles.flatMap { playlist in
            playlist.parts.compactMap { part in
                guard let text = part.text else { return nil }
                guard let offset = text.offset else { return Violation(part.path ?? playlist.path, "no X-TIMESTAMP-MAP") }
                guard abs(offset - start) > 0.1 else { return nil }
                return Violation(
                    part.path ?? playlist.path, "X-TIMESTAMP-MAP begins at \(seconds(offset)), the media at \(seconds(start))")
            }
        }
    }

    /// Subtitles last as long as the media. Source: HLS Authoring, 5.5.
    static let subtitleLength = StreamRule("subtitle-length", "HLS Authoring 5.5") { stream in
        stream.subtitles.compactMap { playlist in
            guard stream.duration > 0, abs(playlist.declaredDuration - stream.duration) > 0.5 else { return nil }
            return Violation(playlist.path, "last \(seconds(playlist.declaredDuration)), the media \(seconds(stream.duration))")
        }
    }

    /// Every cue is shown while its segment lasts. Source: RFC 8216, 3.5.
    static let subtitleCues = StreamRule("subtitle-cues", "RFC 8216, 3.5") { stream in
        stream.subtitles.flatMap { playlist in
            var (violations, start) = ([Violation](), 0.0)
            for part in playlist.parts {
                let end = start + part.entry.duration
                for cue in part.text?.cues ?? [] where cue.end < start - 0.5 || cue.start > end + 0.5 {
                    let message =
                        "a cue at \(seconds(cue.start)), where the segment lasts from \(seconds(start)) to \(seconds(end))"
                    violations.append(Violation(part.path ?? playlist.path, message))
                }
                start = end
            }
            return violations
        }
    }
}
