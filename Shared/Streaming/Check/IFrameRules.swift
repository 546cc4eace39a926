extension StreamRule {
    static let iFrames = [iFramePlaylist, iFrameInterval, iFrameRanges]

    /// Where there is video there is an I-frame playlist, marked as one, and only such ones are.
    ///
    /// Source: HLS Authoring, 6.1 and 6.8.
    static let iFramePlaylist = StreamRule("iframe-playlist", "HLS Authoring 6.1 and 6.8") { stream in
        let isThere = stream.variants.contains(where: \.declared.isIFramesOnly) || stream.videos.isEmpty
        let missing = isThere ? [] : [Violation(CheckedStream.master, "no EXT-X-I-FRAME-STREAM-INF")]
        return missing
            + stream.playlists.filter { ($0.role == .iFrames) != $0.list.isIFramesOnly }.map { playlist in
                Violation(playlist.path, playlist.list.isIFramesOnly ? "EXT-X-I-FRAMES-ONLY" : "no EXT-X-I-FRAMES-ONLY")
            }
    }

    /// About one I-frame a second: on average one and a half at most, unless frames last longer. Source: HLS Authoring, 6.2.
    static let iFrameInterval = StreamRule("iframe-interval", "HLS Authoring 6.2") { stream in
        stream.iFrames.compactMap { playlist in
            let interval = playlist.declaredDuration / Double(playlist.parts.count)
            let slowest = stream.videos.map(\.longestSample).max() ?? 0
            guard interval > max(1.5, slowest + 0.001) else { return nil }
            return Violation(playlist.path, "an I-frame every \(seconds(interval)), wanted is one a second")
        }
    }

    /// Every byte range holds the `moof` and the whole key frame behind it, and lasts until the next.
    ///
    /// Source: RFC 8216, 4.3.3.6; HLS Authoring, 6.10.
    static let iFrameRanges = StreamRule("iframe-ranges", "RFC 8216, 4.3.3.6; HLS Authoring 6.10") { stream in
        stream.iFrames.flatMap { playlist in
            let frames = playlist.parts.map(\.keyFrame)
            let end = playlist.segments.last.map { $0.firstShown + $0.duration } ?? 0
            let ends = frames.dropFirst().map { $0?.time ?? end } + [end]
            return zip(playlist.parts, zip(frames, ends)).compactMap { part, times in
                guard let frame = times.0 else {
                    return Violation(playlist.path, "\(part.name) holds no key frame with its moof")
                }
                let length = playlist.seconds(times.1 - frame.time)
                guard abs(length - part.entry.duration) > 0.001 else { return nil }
                return Violation(
                    playlist.path,
                    "EXTINF of \(part.name) is \(seconds(part.entry.duration)), the next frame comes after \(seconds(length))")
            }
        }
    }
}

extension CheckedPlaylist.Part {
    /// The key frame that the entry's bytes begin with.
    fileprivate var keyFrame: Segment.KeyFrame? {
        let range = entry.range ?? 0..<(bytes ?? 0)
        guard range.upperBound <= bytes ?? 0 else { return nil }
        return segment?.keyFrames.first { $0.range.lowerBound == range.lowerBound && $0.range.upperBound <= range.upperBound }
    }

    fileprivate var name: String { entry.range.map { "\(entry.uri) \($0.count)@\($0.lowerBound)" } ?? entry.uri }
}
