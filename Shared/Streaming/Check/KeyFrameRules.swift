extension StreamRule {
    static let keyFrames = [firstFrameIDR, idrInterval, closedGOPs]

    /// Every segment of video begins with an IDR. Source: HLS Authoring, 7.4; RFC 8216, 3.
    static let firstFrameIDR = StreamRule("first-frame-idr", "HLS Authoring 7.4") { stream in
        stream.videos.flatMap { playlist in
            playlist.parts.filter { $0.segment?.beginsWithIDR == false }.map { part in
                Violation(part.path ?? playlist.path, "does not begin with an IDR")
            }
        }
    }

    /// From one IDR to the next, and to the end, it is 2 s and a frame at most. Source: HLS Authoring, 1.13.
    static let idrInterval = StreamRule("idr-interval", "HLS Authoring 1.13") { stream in
        stream.videos.flatMap { playlist in
            let times = playlist.segments.flatMap(\.idrTimes).map(playlist.seconds)
            let end = playlist.segments.last.map { playlist.seconds($0.firstShown + $0.duration) } ?? 0
            return zip(times, times.dropFirst() + [end]).compactMap { from, to -> Violation? in
                guard to - from > 2 + playlist.longestSample + 0.001 else { return nil }
                return Violation(playlist.path, "no IDR for \(seconds(to - from)) after \(seconds(from))")
            }
        }
    }

    /// Whatever is marked as a key frame is an IDR, and nothing behind one is shown before it.
    ///
    /// Source: RFC 8216, 4.3.5.1; ISO/IEC 23000-19, 7.3.2 (SAP types 1 and 2).
    static let closedGOPs = StreamRule("closed-gops", "RFC 8216, 4.3.5.1") { stream in
        stream.videos.flatMap { playlist in
            playlist.parts.compactMap { part in
                guard let segment = part.segment, segment.falseKeyFrames + segment.leadingSamples > 0 else { return nil }
                return Violation(
                    part.path ?? playlist.path,
                    "\(segment.falseKeyFrames) key frames are no IDR, \(segment.leadingSamples) frames are shown before theirs"
                )
            }
        }
    }
}
