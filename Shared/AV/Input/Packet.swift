internal import CAV

/// A piece of a stream as the file holds it. One owner; its bytes are counted by libavcodec.
package struct Packet: ~Copyable {
    let pointer: UnsafeMutablePointer<AVPacket>

    package init() throws(AVError) { pointer = try AVError.allocated(av_packet_alloc()) }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = pointer
        av_packet_free(&packet)
    }

    /// The index of its stream.
    package var stream: Int { Int(pointer.pointee.stream_index) }
    /// When it is shown, in ticks of its stream; nil where the file does not say.
    package var time: Int64? { Self.known(pointer.pointee.pts) }
    /// When it is decoded, in ticks of its stream.
    package var decodingTime: Int64? { Self.known(pointer.pointee.dts) }
    /// In ticks of its stream; zero where unknown.
    package var duration: Int64 { pointer.pointee.duration }
    package var size: Int { Int(pointer.pointee.size) }
    package var isKey: Bool { pointer.pointee.flags & AV_PKT_FLAG_KEY != 0 }

    private static func known(_ timestamp: Int64) -> Int64? { timestamp == mr_av_no_timestamp ? nil : timestamp }
}
