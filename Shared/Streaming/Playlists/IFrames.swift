/// The key frames of a rendition as an I-frame playlist has them: each lasts until the next. Source: RFC 8216, 4.3.3.6.
struct IFrames {
    private struct Frame {
        let segment: String
        let range: Range<Int>
        let seconds: Double
    }

    private let frames: [Frame]

    init(_ rendition: Rendition) {
        let all = rendition.segments.enumerated().flatMap { index, segment in
            segment.keyFrames.map { (Rendition.segmentName(index + 1), $0) }
        }
        let end = rendition.segments.last.map { $0.firstShown + $0.duration } ?? 0
        let ends = all.dropFirst().map(\.1.time) + [end]
        frames = zip(all, ends).map { frame, end in
            Frame(segment: frame.0, range: frame.1.range, seconds: rendition.track.seconds(max(0, end - frame.1.time)))
        }
    }

    var isEmpty: Bool { frames.isEmpty }

    var rate: BitRate { BitRate(frames.map { Piece(bytes: $0.range.count, seconds: $0.seconds) }, target: target) }

    private var target: Int { max(1, Decimals.whole(frames.map(\.seconds).max() ?? 0)) }

    var playlist: String {
        let entries = frames.flatMap { frame in
            [
                "#EXTINF:\(Decimals.text(frame.seconds, digits: 6)),",
                "#EXT-X-BYTERANGE:\(frame.range.count)@\(frame.range.lowerBound)", frame.segment,
            ]
        }
        return HLSWriter.lines(HLSWriter.head(target: target, map: true, isIFramesOnly: true) + entries + ["#EXT-X-ENDLIST"])
    }
}
