extension StreamRule {
    static let playlists = [notEmpty, version, vod, independentSegments, map, targetDuration, sameTargetDuration, segmentLength]

    /// There is something to play: the master playlist names variants, and every playlist segments. Source: RFC 8216, 4.1.
    static let notEmpty = StreamRule("not-empty", "RFC 8216, 4.1") { stream in
        let isKnown = !stream.variants.isEmpty || stream.faults.contains { $0.file == CheckedStream.master }
        let nothing = isKnown ? [] : [Violation(CheckedStream.master, "names no variant")]
        return nothing + stream.playlists.filter(\.parts.isEmpty).map { Violation($0.path, "names no segment") }
    }

    /// EXT-X-MAP in playlists of more than I-frames needs version 6. Source: RFC 8216, 4.3.1.2 and 7.
    static let version = StreamRule("version", "RFC 8216, 7") { stream in
        stream.playlists.compactMap { playlist in
            let needed = playlist.role == .subtitles ? 3 : playlist.role == .iFrames ? 5 : 6
            let found = playlist.list.version ?? 1
            return found >= needed ? nil : Violation(playlist.path, "EXT-X-VERSION is \(found), at least \(needed) is needed")
        }
    }

    /// `EXT-X-PLAYLIST-TYPE:VOD` and `EXT-X-ENDLIST`. Source: RFC 8216, 4.3.3.4 and 4.3.3.5; HLS Authoring, 8.6.
    static let vod = StreamRule("vod", "RFC 8216, 4.3.3.4 and 4.3.3.5; HLS Authoring 8.6") { stream in
        stream.playlists.compactMap { playlist in
            if playlist.list.type != "VOD" { return Violation(playlist.path, "no EXT-X-PLAYLIST-TYPE:VOD") }
            return playlist.list.hasEnd ? nil : Violation(playlist.path, "no EXT-X-ENDLIST")
        }
    }

    /// `EXT-X-INDEPENDENT-SEGMENTS` in the master playlist, or in each video's.
    ///
    /// Source: RFC 8216, 4.3.5.1; HLS Authoring, 9.11, 9.12.
    static let independentSegments = StreamRule("independent-segments", "RFC 8216, 4.3.5.1; HLS Authoring 9.12") { stream in
        guard !stream.isIndependent else { return [] }
        return stream.playlists.filter { $0.role == .video && !$0.list.isIndependent }.map { playlist in
            Violation(playlist.path, "no EXT-X-INDEPENDENT-SEGMENTS, and none in \(CheckedStream.master)")
        }
    }

    /// Every segment of video and sound has the same EXT-X-MAP. Source: RFC 8216, 4.3.2.5; HLS Authoring, 8.20.
    static let map = StreamRule("map", "RFC 8216, 4.3.2.5; HLS Authoring 8.20") { stream in
        stream.playlists.filter { $0.role != .subtitles }.compactMap { playlist in
            let maps = playlist.list.entries.map(\.map).uniqued
            if maps.contains(nil) { return Violation(playlist.path, "segments without EXT-X-MAP") }
            return maps.count <= 1 ? nil : Violation(playlist.path, "\(maps.count) different EXT-X-MAP")
        }
    }

    /// No EXTINF, rounded, is above EXT-X-TARGETDURATION. Source: RFC 8216, 4.3.3.1.
    static let targetDuration = StreamRule("target-duration", "RFC 8216, 4.3.3.1") { stream in
        stream.playlists.flatMap { playlist in
            guard let target = playlist.list.targetDuration else { return [Violation(playlist.path, "no EXT-X-TARGETDURATION")] }
            return playlist.list.entries.filter { $0.duration.rounded() > Double(target) }.map { entry in
                Violation(playlist.path, "\(entry.uri) lasts \(seconds(entry.duration)), the target duration is \(target) s")
            }
        }
    }

    /// All video and sound has the same target duration. Source: RFC 8216, 6.2.4; HLS Authoring, 8.2.
    static let sameTargetDuration = StreamRule("same-target-duration", "RFC 8216, 6.2.4; HLS Authoring 8.2") { stream in
        let playlists = stream.playlists.filter { $0.role == .video || $0.role == .sound }
        guard let first = playlists.first else { return [] }
        return playlists.filter { $0.target != first.target }.map { playlist in
            Violation(playlist.path, "a target duration of \(playlist.target) s, where \(first.path) has \(first.target) s")
        }
    }

    /// Segments of video last 6 s give or take a frame, the last one at most. Source: HLS Authoring, 7.5 to 7.7; Millrace.
    static let segmentLength = StreamRule("segment-length", "HLS Authoring 7.6") { stream in
        stream.videos.flatMap { playlist in
            playlist.parts.enumerated().compactMap { index, part in
                let (length, slack) = (playlist.seconds(part.segment?.duration ?? 0), playlist.longestSample + 0.001)
                let isLast = index == playlist.parts.count - 1
                guard length > 6 + slack || !isLast && length < 6 - slack else { return nil }
                return Violation(part.path ?? playlist.path, "lasts \(seconds(length)) instead of 6 s")
            }
        }
    }

    static func seconds(_ value: Double) -> String { Decimals.short(max(-1e12, min(value, 1e12)), digits: 6) + " s" }
}
