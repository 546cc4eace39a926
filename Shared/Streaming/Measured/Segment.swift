/// One media segment, measured. Times are ticks of its track's timescale.
package struct Segment: Sendable, Hashable {
    /// A key frame at the beginning of a fragment, where a player can cut it out.
    package struct KeyFrame: Sendable, Hashable {
        /// When it is shown.
        package let time: Int64
        /// From the beginning of its `moof` to the end of its data, in bytes of the file.
        package let range: Range<Int>
    }

    /// A media segment above this is not looked at, in bytes.
    package static let maxSize = 256 << 20

    package let bytes: Int
    /// When its first sample is decoded.
    package let start: Int64
    /// The sum of its samples' durations.
    package let duration: Int64
    /// When its first picture is shown.
    package let firstShown: Int64
    package let samples: Int
    package let shortestSample: Int
    package let longestSample: Int
    /// Of video: the first sample is an IDR (of AV1, a key frame that is shown).
    package let beginsWithIDR: Bool
    /// When its IDRs are shown, in order.
    package let idrTimes: [Int64]
    package let keyFrames: [KeyFrame]

    /// Samples marked as key frames that are no IDR.
    package let falseKeyFrames: Int
    /// Samples behind an IDR that are shown before it.
    package let leadingSamples: Int
    /// The largest difference between a fragment's time and the end of the one before.
    package let largestGap: Int64

    package var end: Int64 { start + duration }
}

extension Segment {
    /// Reads a media segment: `moof` and `mdat`, once or more often, of one track.
    ///
    /// Source: ISO/IEC 14496-12, 8.8; ISO/IEC 23000-19 (CMAF), 7.3.2.
    package init(_ bytes: [UInt8], of track: Track) throws(FormatError) {
        guard bytes.count <= Self.maxSize else { throw FormatError(.tooLarge, "a media segment of \(bytes.count) bytes") }
        var measure = SegmentMeasure(bytes: bytes, track: track)
        var header: Box?
        for box in try Box.all(in: bytes[...]) {
            switch box.type {
            case "moof" where header != nil: throw FormatError(.malformed, "moof without mdat")
            case "moof": header = box
            case "mdat":
                guard let moof = header else { throw FormatError(.malformed, "mdat without moof") }
                try measure.add(Fragment(moof, data: box, track: track, room: MediaSegmentLimits.maxSamples - measure.samples))
                header = nil
            default: continue
            }
        }
        guard header == nil else { throw FormatError(.truncated, "moof without mdat") }
        self = try measure.segment()
    }
}
