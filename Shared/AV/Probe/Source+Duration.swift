internal import CAV

extension Source {
    /// Seconds: what the file says where that can be believed, else what its packets say.
    /// - Returns: nil for a file without timestamps, or of too many packets to be counted.
    func measuredDuration() throws(AVError) -> Double? {
        let isGuess = context.pointer.pointee.duration_estimation_method == AVFMT_DURATION_FROM_BITRATE
        if let duration, !isGuess, duration <= limits.maxDuration { return duration }
        return try lengthOfPackets() ?? duration
    }

    /// The time that the packets of the longest stream take, jumps left out; reads the whole file.
    private func lengthOfPackets() throws(AVError) -> Double? {
        guard rewind() else { return nil }
        select(Set(streams.filter { $0.kind == .video || $0.kind == .audio }.map(\.index)))
        let packet = try Packet()
        var lengths: [Int: Length] = [:]
        for _ in 0..<Self.maxPackets {
            guard try readOrEnd(into: packet) else { return lengths.values.map(\.whole).max().flatMap { $0 > 0 ? $0 : nil } }
            guard streams.indices.contains(packet.stream), let time = packet.decodingTime ?? packet.time else { continue }
            let tick = streams[packet.stream].timeBase.value
            lengths[packet.stream, default: Length()].add(Double(time) * tick, Double(packet.duration) * tick)
        }
        return nil
    }

    /// Of one stream, in seconds.
    private struct Length {
        private var closed = 0.0
        private var last: (time: Double, duration: Double)?

        var whole: Double { closed + (last?.duration ?? 0) }

        mutating func add(_ time: Double, _ duration: Double) {
            if let last { closed += (0...10).contains(time - last.time) ? time - last.time : last.duration }
            last = (time, max(0, duration))
        }
    }

    /// Back to the beginning.
    func rewind() -> Bool {
        // Times are looked for in a transport stream from where one is found on: the first frames would be lost.
        if context.container == .mpegts { return av_seek_frame(context.pointer, -1, 0, AVSEEK_FLAG_BYTE) >= 0 }
        let start = context.pointer.pointee.start_time
        let place = start == mr_av_no_timestamp ? 0 : start
        return avformat_seek_file(context.pointer, -1, .min, place, place, 0) >= 0
            || av_seek_frame(context.pointer, -1, place, AVSEEK_FLAG_BACKWARD) >= 0
    }

    /// Whether the index of an MP4 names samples behind the file's end.
    var isTruncated: Bool {
        streams.contains { stream in
            guard let pointer = context.pointer.pointee.streams[stream.index],
                let last = avformat_index_get_entry(pointer, avformat_index_get_entries_count(pointer) - 1)
            else { return false }
            return last.pointee.pos > size - Int64(last.pointee.size)
        }
    }

    private static var maxPackets: Int { 3_000_000 }
}
