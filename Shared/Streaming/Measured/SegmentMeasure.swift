/// Adds up a segment's fragments.
struct SegmentMeasure {
    private let bytes: [UInt8]
    private let track: Track

    private(set) var samples = 0
    private var start: Int64?
    private var time: Int64 = 0
    private var duration: Int64 = 0
    private var firstShown: Int64?
    private var shortest = Int.max
    private var longest = 0
    private var beginsWithIDR = false
    private var idrTimes: [Int64] = []
    private var keyFrames: [Segment.KeyFrame] = []
    private var falseKeyFrames = 0
    private var leadingSamples = 0
    private var largestGap: Int64 = 0

    init(bytes: [UInt8], track: Track) { (self.bytes, self.track) = (bytes, track) }

    mutating func add(_ fragment: Fragment) throws(FormatError) {
        if start == nil { (start, time) = (fragment.baseTime, fragment.baseTime) }
        largestGap = max(largestGap, abs(fragment.baseTime - time))
        time = fragment.baseTime
        for (index, sample) in fragment.samples.enumerated() {
            try add(sample, isFirst: index == 0, fragmentStart: fragment.range.lowerBound)
        }
    }

    private mutating func add(_ sample: Fragment.Sample, isFirst: Bool, fragmentStart: Int) throws(FormatError) {
        let shown = time + Int64(sample.composition) + track.editShift
        let kind = sample.isSync || isFirst ? track.coding.kind(of: bytes[sample.range]) : .other
        if track.isVideo { note(kind, sample, shown: shown) }
        if isFirst, kind != .other, track.isVideo {
            keyFrames.append(Segment.KeyFrame(time: shown, range: fragmentStart..<sample.range.upperBound))
        }
        firstShown = min(firstShown ?? shown, shown)
        (shortest, longest) = (min(shortest, sample.duration), max(longest, sample.duration))
        samples += 1
        time += Int64(sample.duration)
        duration += Int64(sample.duration)
        guard duration <= MediaSegmentLimits.maxDuration else { throw FormatError(.tooLarge, "a segment of \(duration) ticks") }
    }

    private mutating func note(_ kind: FrameKind, _ sample: Fragment.Sample, shown: Int64) {
        if case .idr = kind {
            if samples == 0 { beginsWithIDR = true }
            idrTimes.append(shown)
        } else {
            if sample.isSync { falseKeyFrames += 1 }
            if let last = idrTimes.last, shown < last { leadingSamples += 1 }
        }
    }

    func segment() throws(FormatError) -> Segment {
        guard let start, let firstShown else { throw FormatError(.malformed, "a media segment without samples") }
        return Segment(
            bytes: bytes.count, start: start, duration: duration, firstShown: firstShown, samples: samples,
            shortestSample: shortest, longestSample: longest, beginsWithIDR: beginsWithIDR, idrTimes: idrTimes,
            keyFrames: keyFrames, falseKeyFrames: falseKeyFrames, leadingSamples: leadingSamples, largestGap: largestGap)
    }
}
