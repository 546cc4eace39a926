internal import CAV

/// A media file that is open for reading, within limits. One owner; the last one closes it. Its work blocks, and belongs into a
/// process of its own.
package struct Source: ~Copyable {
    package let streams: [MediaStream]
    package let limits: SourceLimits
    /// Seconds, by the file's own account or by what could be found out; nil where neither knows.
    package let duration: Double?
    /// Seconds: the earliest timestamp; players begin there.
    package let start: Double
    let context: InputContext

    /// Opens a file and finds out what its streams are.
    /// - Parameters:
    ///   - container: what it was recognised as; anything else is `.unreadable`.
    ///   - deadline: reading fails with `.limit` from then on.
    package init(
        path: String, container: Container, limits: SourceLimits = SourceLimits(), deadline: ContinuousClock.Instant? = nil
    ) throws(AVError) {
        let context = try InputContext.opened(path, container, limits, deadline)
        let format = context.pointer
        streams = (0..<Int(format.pointee.nb_streams)).compactMap { index in
            format.pointee.streams[index].map { MediaStream($0, in: format) }
        }
        duration = context.duration
        start = seconds(format.pointee.start_time, InputContext.timeBase) ?? 0
        self.limits = limits
        self.context = context
    }

    /// Bytes.
    package var size: Int64 { context.input.size }

    /// Bits per second over all streams.
    package var bitRate: Int? { context.pointer.pointee.bit_rate > 0 ? Int(context.pointer.pointee.bit_rate) : nil }

    /// A tag of the whole file: `title`, `creation_time`, `com.apple.quicktime.location.ISO6709`, …
    package func tag(_ name: String) -> String? { AV.tag(name, of: context.pointer.pointee.metadata) }

    /// A tag of one stream.
    package func tag(_ name: String, stream: Int) -> String? {
        guard streams.indices.contains(stream) else { return nil }
        return context.pointer.pointee.streams[stream].flatMap { AV.tag(name, of: $0.pointee.metadata) }
    }

    /// The next packet of the streams that are not ignored, in the file's order.
    /// - Returns: false at the end.
    package func read(into packet: borrowing Packet) throws(AVError) -> Bool {
        while true {
            av_packet_unref(packet.pointer)
            let status = av_read_frame(context.pointer, packet.pointer)
            if status == mr_av_error_eof, !context.input.failed, !context.input.isOverdue { return false }
            guard status >= 0 else { throw context.input.verdict(status, "reading") }
            // Packets that were read when the streams were looked for come whether they are wanted or not.
            if context.pointer.pointee.streams[packet.stream]?.pointee.discard != AVDISCARD_ALL { return true }
        }
    }

    /// As `read`; damage in the middle counts as the end, time and the system's failures do not.
    package func readOrEnd(into packet: borrowing Packet) throws(AVError) -> Bool {
        do { return try read(into: packet) } catch {
            guard error.code == .unreadable || error.code == .truncated else { throw error }
            return false
        }
    }

    /// The picture of a `cover`, which belongs to no time.
    /// - Returns: false where there is none.
    package func readCover(_ index: Int, into packet: borrowing Packet) throws(AVError) -> Bool {
        av_packet_unref(packet.pointer)
        guard streams.indices.contains(index), let stream = context.pointer.pointee.streams[index],
            stream.pointee.attached_pic.size > 0
        else { return false }
        try AVError.check(av_packet_ref(packet.pointer, &stream.pointee.attached_pic), "reading the cover")
        return true
    }

    /// Only packets of these streams are read from now on.
    package func select(_ indices: Set<Int>) {
        for index in streams.indices {
            context.pointer.pointee.streams[index]?.pointee.discard = indices.contains(index) ? AVDISCARD_DEFAULT : AVDISCARD_ALL
        }
    }

    /// Goes to the last keyframe of a stream that is not after `seconds`, as timestamps count.
    /// - Returns: false where the file cannot be sought in; then nothing moved.
    package func seek(to seconds: Double, stream index: Int) -> Bool {
        guard streams.indices.contains(index) else { return false }
        let ticks = (seconds / streams[index].timeBase.value).rounded()
        guard abs(ticks) < 9e18 else { return false }
        return av_seek_frame(context.pointer, Int32(index), Int64(ticks), AVSEEK_FLAG_BACKWARD) >= 0
    }

    /// What libavcodec must know of a stream; valid while the source is.
    func parameters(of index: Int) -> UnsafeMutablePointer<AVCodecParameters>? {
        streams.indices.contains(index) ? context.pointer.pointee.streams[index]?.pointee.codecpar : nil
    }
}
