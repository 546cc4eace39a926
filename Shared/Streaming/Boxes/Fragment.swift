/// One `moof` and the `mdat` behind it. Source: ISO/IEC 14496-12, 8.8.
struct Fragment {
    struct Sample {
        let duration: Int
        let composition: Int
        let isSync: Bool
        /// Where it lies in the file.
        let range: Range<Int>
    }

    /// Both boxes, and what lies between them.
    let range: Range<Int>
    let baseTime: Int64
    let samples: [Sample]

    /// - Parameters:
    ///   - header: the `moof`.
    ///   - data: the `mdat`.
    ///   - room: the most samples that it may have.
    init(_ header: Box, data: Box, track: Track, room: Int) throws(FormatError) {
        let boxes = try header.children().only("traf").children()
        var defaults = track.defaults
        try Self.readHeader(try boxes.only("tfhd"), track: track, into: &defaults)
        range = header.range.lowerBound..<data.range.upperBound
        baseTime = try Self.decodeTime(try boxes.only("tfdt"))
        var runs = SampleRuns(start: header.range.lowerBound, data: data.payload, room: room)
        for box in boxes where box.type == "trun" { try runs.read(box, defaults) }
        samples = runs.samples
    }

    private static func readHeader(_ box: Box, track: Track, into defaults: inout SampleDefaults) throws(FormatError) {
        var (_, flags, reader) = try box.full()
        guard try reader.u32() == track.id else { throw FormatError(.malformed, "a fragment of another track") }
        guard flags & 0x1 == 0 else { throw FormatError(.unsupported, "base-data-offset") }
        if flags & 0x2 != 0 { try reader.skip(4) }
        if flags & 0x8 != 0 { defaults.duration = try reader.u32() }
        if flags & 0x10 != 0 { defaults.size = try reader.u32() }
        if flags & 0x20 != 0 { defaults.flags = try reader.u32() }
    }

    private static func decodeTime(_ box: Box) throws(FormatError) -> Int64 {
        var (version, _, reader) = try box.full()
        let time = version == 1 ? try reader.u64() : UInt64(try reader.u32())
        guard time <= MediaSegmentLimits.maxTime else { throw FormatError(.tooLarge, "a decode time of \(time)") }
        return Int64(time)
    }
}

/// The samples of all `trun` of a fragment, one behind the other. Source: ISO/IEC 14496-12, 8.8.8.
private struct SampleRuns {
    private(set) var samples: [Fragment.Sample] = []
    private let start: Int
    private let data: ArraySlice<UInt8>
    private let room: Int
    /// Where the next sample begins. Samples never lie on one another: reading them all takes no longer than the file is.
    private var position: Int

    init(start: Int, data: ArraySlice<UInt8>, room: Int) {
        (self.start, self.data, self.room) = (start, data, room)
        position = data.startIndex
    }

    mutating func read(_ box: Box, _ defaults: SampleDefaults) throws(FormatError) {
        var (_, flags, reader) = try box.full()
        let count = try reader.u32()
        guard count <= room - samples.count else { throw FormatError(.tooLarge, "more than \(room) samples") }
        if flags & 0x1 != 0 { try move(to: start + reader.i32()) }
        let first = flags & 0x4 != 0 ? try reader.u32() : nil
        for index in 0..<count {
            let duration = flags & 0x100 != 0 ? try reader.u32() : defaults.duration
            let size = flags & 0x200 != 0 ? try reader.u32() : defaults.size
            var sampleFlags = flags & 0x400 != 0 ? try reader.u32() : defaults.flags
            if index == 0, let first { sampleFlags = first }
            let composition = flags & 0x800 != 0 ? try reader.i32() : 0
            // sample_is_non_sync_sample: 8.8.3.1.
            let isSync = sampleFlags & 0x1_0000 == 0
            samples.append(
                Fragment.Sample(duration: duration, composition: composition, isSync: isSync, range: try place(size)))
        }
    }

    private mutating func move(to offset: Int) throws(FormatError) {
        guard offset >= position else { throw FormatError(.malformed, "samples outside of mdat, or on one another") }
        position = offset
    }

    private mutating func place(_ size: Int) throws(FormatError) -> Range<Int> {
        guard position <= data.endIndex, size <= data.endIndex - position else {
            throw FormatError(.truncated, "a sample of \(size) bytes at \(position), where mdat ends at \(data.endIndex)")
        }
        defer { position += size }
        return position..<position + size
    }
}

enum MediaSegmentLimits {
    /// Ticks; times of this size are exact in a Double.
    static let maxTime: Int64 = 1 << 52
    /// Ticks; a million of them overflow no Int64.
    static let maxDuration: Int64 = 1 << 42
    /// Of a segment; samples without bytes cost a file nothing.
    static let maxSamples = 20_000
}
