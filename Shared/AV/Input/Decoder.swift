internal import CAV

/// Decodes one stream. A packet that cannot be decoded is counted and left out: noise in the middle must not cost the rest.
package struct Decoder: ~Copyable {
    package enum Answer: Sendable { case frame, needsInput, end }

    /// Packets and frames that could not be decoded.
    package private(set) var damaged = 0
    private var sent = 0
    let pointer: UnsafeMutablePointer<AVCodecContext>

    /// - Throws: `.unsupported` where none of the allowed decoders fits the stream.
    package init(_ source: borrowing Source, stream: Int, threads: Int = 1) throws(AVError) {
        guard let parameters = source.parameters(of: stream),
            let decoder = AllowedDecoders.decoder(for: parameters.pointee.codec_id)
        else { throw AVError(.unsupported, "no allowed decoder for stream \(stream)") }
        pointer = try Self.opened(decoder, parameters, source.streams[stream].timeBase, source.limits, threads)
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = pointer
        avcodec_free_context(&context)
    }

    private static func opened(
        _ decoder: UnsafePointer<AVCodec>, _ parameters: UnsafePointer<AVCodecParameters>, _ timeBase: Rational,
        _ limits: SourceLimits, _ threads: Int
    ) throws(AVError) -> UnsafeMutablePointer<AVCodecContext> {
        var context: UnsafeMutablePointer<AVCodecContext>? = try AVError.allocated(avcodec_alloc_context3(decoder))
        var status = avcodec_parameters_to_context(context, parameters)
        if status >= 0 {
            context?.pointee.pkt_timebase = timeBase.av
            context?.pointee.thread_count = Int32(clamping: threads)
            context?.pointee.max_pixels = Int64(limits.maxPixels)
            status = avcodec_open2(context, decoder, nil)
        }
        guard status >= 0, let context else {
            avcodec_free_context(&context)
            // What a decoder does not like about a stream's header it says in many ways.
            let error = AVError(status, "opening the decoder \(String(cString: decoder.pointee.name))")
            throw error.code == .other ? AVError(.unreadable, error.description) : error
        }
        return context
    }

    /// Hands over a packet. Call `receive` until it needs input before the next one.
    package mutating func send(_ packet: borrowing Packet) throws(AVError) {
        sent += 1
        try tolerate(avcodec_send_packet(pointer, packet.pointer), "sending a packet")
    }

    /// No packet follows: `receive` gives what is left, then `.end`.
    package mutating func finish() throws(AVError) { try tolerate(avcodec_send_packet(pointer, nil), "ending") }

    /// Forgets what it holds: after a seek.
    package func flush() { avcodec_flush_buffers(pointer) }

    package mutating func receive(into frame: borrowing Frame) throws(AVError) -> Answer {
        while true {
            let status = avcodec_receive_frame(pointer, frame.pointer)
            if status >= 0 { return .frame }
            if status == mr_av_error_again { return .needsInput }
            if status == mr_av_error_eof { return .end }
            try tolerate(status, "decoding")
        }
    }

    /// Damage is counted. A picture that is larger than the limit is refused with an invalid argument.
    private mutating func tolerate(_ status: Int32, _ doing: String) throws(AVError) {
        guard status < 0, status != mr_av_error_eof else { return }
        guard status != mr_av_error(ENOMEM) else { throw AVError(status, doing) }
        damaged += 1
        guard damaged < Self.patience || damaged < sent / 2 else {
            throw AVError(.unreadable, "\(doing): \(damaged) of \(sent) packets are damaged")
        }
    }

    /// After so much damage it is looked at how much was whole: a long film may have as many faults, noise has nothing else.
    private static let patience = 10_000
}
