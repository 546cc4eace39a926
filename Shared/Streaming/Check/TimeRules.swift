extension StreamRule {
    static let times = [
        extinf, playlistDuration, sameDuration, continuousTime, alignedSegments, alignedSound, constantFrameRate,
    ]

    /// Every EXTINF is its segment's length to a millisecond. Source: RFC 8216, 4.3.2.1; HLS Authoring, 8.1.
    static let extinf = StreamRule("extinf", "RFC 8216, 4.3.2.1; HLS Authoring 8.1") { stream in
        (stream.videos + stream.sounds).flatMap { playlist in
            playlist.parts.compactMap { part in
                let length = playlist.seconds(part.segment?.duration ?? 0)
                guard abs(length - part.entry.duration) > 0.001 else { return nil }
                return Violation(
                    playlist.path, "EXTINF of \(part.entry.uri) is \(seconds(part.entry.duration)), it lasts \(seconds(length))")
            }
        }
    }

    /// The sum of all EXTINF is the media's duration to within a frame. Source: HLS Authoring, 8.1.
    static let playlistDuration = StreamRule("playlist-duration", "HLS Authoring 8.1") { stream in
        (stream.videos + stream.sounds).compactMap { playlist in
            let (declared, measured) = (playlist.declaredDuration, playlist.measuredDuration)
            guard abs(declared - measured) > playlist.longestSample else { return nil }
            return Violation(playlist.path, "all EXTINF are \(seconds(declared)), the media lasts \(seconds(measured))")
        }
    }

    /// All video and sound lasts equally long, to a tenth of a second. Source: HLS Authoring, 8.3 and 8.7.
    static let sameDuration = StreamRule("same-duration", "HLS Authoring 8.3 and 8.7") { stream in
        guard let first = (stream.videos + stream.sounds).first else { return [] }
        return (stream.videos + stream.sounds).compactMap { playlist in
            let (length, wanted) = (playlist.measuredDuration, first.measuredDuration)
            guard abs(length - wanted) > 0.1 else { return nil }
            return Violation(playlist.path, "lasts \(seconds(length)), where \(first.path) lasts \(seconds(wanted))")
        }
    }

    /// Every fragment's decode time is where the one before ended, and there are no discontinuities.
    ///
    /// Source: HLS Authoring, 7.1, 7.3.
    static let continuousTime = StreamRule("continuous-time", "HLS Authoring 7.1 and 7.3") { stream in
        stream.measured.flatMap { playlist in
            var (violations, expected) = ([Violation](), Int64?.none)
            if playlist.list.discontinuities > 0 { violations.append(Violation(playlist.path, "has EXT-X-DISCONTINUITY")) }
            // An I-frame playlist names a segment as often as it has key frames.
            for part in playlist.parts.uniqued(by: \.path) {
                guard let segment = part.segment else { continue }
                let gap = expected.map { segment.start - $0 } ?? 0
                if gap != 0 || segment.largestGap > 0 {
                    let size = seconds(playlist.seconds(gap != 0 ? gap : segment.largestGap))
                    violations.append(Violation(part.path ?? playlist.path, "a gap of \(size) in tfdt"))
                }
                expected = segment.end
            }
            return violations
        }
    }

    /// The same segments begin at the same time in every rung of video. Source: RFC 8216, 6.2.4; HLS Authoring, 8.22.
    static let alignedSegments = StreamRule("aligned-segments", "RFC 8216, 6.2.4; HLS Authoring 8.22") { stream in
        guard let first = stream.videos.first else { return [] }
        return stream.videos.dropFirst().flatMap { playlist in
            let differing = zip(playlist.segments, first.segments).enumerated().compactMap { index, pair in
                let (start, wanted) = (playlist.seconds(pair.0.firstShown), first.seconds(pair.1.firstShown))
                guard abs(start - wanted) > 0.001 else { return Violation?.none }
                let message = "begins at \(seconds(start)), in \(first.path) at \(seconds(wanted))"
                return Violation(playlist.parts[index].path ?? playlist.path, message)
            }
            guard playlist.parts.count != first.parts.count else { return differing }
            let message = "\(playlist.parts.count) segments, where \(first.path) has \(first.parts.count)"
            return differing + [Violation(playlist.path, message)]
        }
    }

    /// Segments of sound begin with those of the video, to within one frame of the sound. Source: HLS Authoring, 8.22.
    static let alignedSound = StreamRule("aligned-sound", "HLS Authoring 8.22") { stream in
        guard let video = stream.videos.first else { return [] }
        return stream.sounds.flatMap { sound in
            zip(sound.segments, video.segments).enumerated().compactMap { index, pair in
                let (start, wanted) = (sound.seconds(pair.0.firstShown), video.seconds(pair.1.firstShown))
                guard abs(start - wanted) > sound.longestSample + 0.001 else { return nil }
                let message = "begins at \(seconds(start)), the video at \(seconds(wanted))"
                return Violation(sound.parts[index].path ?? sound.path, message)
            }
        }
    }

    /// All frames of a rung last equally long, to a tick. Source: HLS Authoring, 8.14; Millrace.
    static let constantFrameRate = StreamRule("constant-frame-rate", "HLS Authoring 8.14") { stream in
        stream.videos.compactMap { playlist in
            let shortest = playlist.segments.map(\.shortestSample).min() ?? 0
            let longest = playlist.segments.map(\.longestSample).max() ?? 0
            guard longest - shortest > 1 else { return nil }
            let (low, high) = (playlist.seconds(Int64(shortest)), playlist.seconds(Int64(longest)))
            return Violation(playlist.path, "frames last from \(seconds(low)) to \(seconds(high))")
        }
    }
}

extension Sequence {
    func uniqued<Key: Hashable>(by key: (Element) -> Key) -> [Element] {
        var seen = Set<Key>()
        return filter { seen.insert(key($0)).inserted }
    }
}
