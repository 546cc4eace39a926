internal import CAV

/// Packs the packets of one rendition into CMAF: an initialisation part, and segments that consist of fragments (`moof` with
/// `mdat`, ISO/IEC 23000-19). Where fragments and segments begin is told with each packet.
///
/// Timestamps are the encoder's own, without edit lists: the first frame of a media is at 0 in every rendition.
package final class FragmentWriter {
    private let muxer: UnsafeMutablePointer<AVFormatContext>
    private let sink: ByteSink
    private let unit: Rational
    private var isFinished = false

    /// What is to be stored, in order.
    package enum Part: Sendable, Hashable {
        case initialisation
        /// Counted from 0 at the start of the media.
        case segment(Int)
    }
    package typealias Store = (Part, [UInt8]) throws(AVError) -> Void

    private let store: Store
    private var segment: Int

    /// - Parameters:
    ///   - unit: of the packets' timestamps, in seconds.
    ///   - firstSegment: where in the media the first packet is.
    ///   - store: takes each part when it is complete.
    package init(
        of encoder: Encoder, unit: Rational, firstSegment: Int = 0, store: @escaping Store
    ) throws(AVError) {
        self.store = store
        segment = firstSegment
        self.unit = unit
        let sink = try ByteSink()
        self.sink = sink
        var made: UnsafeMutablePointer<AVFormatContext>?
        try AVError.check(avformat_alloc_output_context2(&made, nil, "mp4", nil), "the muxer")
        let muxer = try AVError.allocated(made)
        self.muxer = muxer
        muxer.pointee.pb = sink.context
        muxer.pointee.flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT
        muxer.pointee.avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED
        try addTrack(of: encoder)
        try writeHeader(timeScale: encoder.isVideo ? Self.timeScale(unit) : nil)
        try store(.initialisation, sink.take())
    }

    deinit { avformat_free_context(muxer) }

    /// - Parameters:
    ///   - packet: with its times in `unit`; it is emptied.
    ///   - startsFragment: that a player may begin here.
    ///   - startsSegment: that the segment before is complete.
    package func write(
        _ packet: borrowing Packet, startsFragment: Bool = false, startsSegment: Bool = false
    ) throws(AVError) {
        if startsFragment || startsSegment { try endFragment() }
        if startsSegment { try endSegment() }
        let stream = try AVError.allocated(muxer.pointee.streams[0])
        packet.pointer.pointee.stream_index = 0
        av_packet_rescale_ts(packet.pointer, unit.av, stream.pointee.time_base)
        try AVError.check(av_write_frame(muxer, packet.pointer), "writing a fragment")
    }

    /// Everything has been written.
    package func finish() throws(AVError) {
        guard !isFinished else { return }
        isFinished = true
        try endFragment()
        try endSegment()
        try AVError.check(av_write_trailer(muxer), "the end of a rendition")
    }

    private func endFragment() throws(AVError) { try AVError.check(av_write_frame(muxer, nil), "the end of a fragment") }

    private func endSegment() throws(AVError) {
        let bytes = sink.take()
        guard !bytes.isEmpty else { return }
        try store(.segment(segment), bytes)
        segment += 1
    }

    private func addTrack(of encoder: Encoder) throws(AVError) {
        let stream = try AVError.allocated(avformat_new_stream(muxer, nil))
        try AVError.check(avcodec_parameters_from_context(stream.pointee.codecpar, encoder.context), "the track")
        stream.pointee.time_base = encoder.context.pointee.time_base
        stream.pointee.avg_frame_rate = encoder.context.pointee.framerate
    }

    private func writeHeader(timeScale: Int?) throws(AVError) {
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        let flags = "cmaf+negative_cts_offsets+empty_moov+default_base_moof+frag_custom+frag_discont+skip_trailer+skip_sidx"
        av_dict_set(&options, "movflags", flags, 0)
        av_dict_set(&options, "use_editlist", "0", 0)
        if let timeScale { av_dict_set(&options, "video_track_timescale", "\(timeScale)", 0) }
        try AVError.check(avformat_write_header(muxer, &options), "the start of a rendition")
        guard av_dict_count(options) == 0 else { throw AVError(.other, "the muxer does not know an option") }
        avio_flush(muxer.pointee.pb)
    }

    /// A unit in which every frame lasts a whole number, of at most a ten-thousandth of a second.
    private static func timeScale(_ unit: Rational) -> Int {
        var scale = unit.denominator
        while scale < 10_000 { scale *= 2 }
        return scale
    }
}
