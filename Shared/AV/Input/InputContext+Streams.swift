internal import CAV

extension InputContext {
    static let timeBase = AVRational(num: 1, den: Int32(mr_av_time_base))

    /// Opens a file, finds its streams, and checks what they declare before and after anything is decoded.
    static func opened(
        _ path: String, _ container: Container, _ limits: SourceLimits, _ deadline: ContinuousClock.Instant?
    ) throws(AVError) -> InputContext {
        let input = try FileInput(path: path, deadline: deadline)
        guard input.size > 0 else { throw AVError(.truncated, "the file is empty") }
        let context = try InputContext(input, container, limits)
        try context.checkSizes(limits)
        try context.findStreams(limits)
        try context.checkSizes(limits)
        // A transport stream's is guessed from its first and last times, between which they may have jumped.
        if container != .mpegts { try limits.check(duration: context.duration) }
        return context
    }

    /// Seconds; nil where unknown. Headers may count from zero though the first frame comes much later: streams know better.
    var duration: Double? {
        let whole = seconds(pointer.pointee.duration, Self.timeBase)
        let start = seconds(pointer.pointee.start_time, Self.timeBase) ?? 0
        let header = whole.map { start > 0 && $0 > start ? $0 - start : $0 }
        let format = pointer
        let spans = (0..<Int(format.pointee.nb_streams)).compactMap { format.pointee.streams[$0].flatMap { Self.span($0) } }
        let first = spans.map(\.start).min() ?? 0
        let last = spans.map(\.end).max() ?? 0
        return (last > first ? last - first : header).flatMap { $0 > 0 ? $0 : nil }
    }

    /// Seconds; nil where unknown.
    private static func span(_ stream: UnsafeMutablePointer<AVStream>) -> (start: Double, end: Double)? {
        let (base, type) = (stream.pointee.time_base, stream.pointee.codecpar.pointee.codec_type)
        guard type == AVMEDIA_TYPE_VIDEO || type == AVMEDIA_TYPE_AUDIO,
            stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0,
            let start = seconds(stream.pointee.start_time, base), let duration = seconds(stream.pointee.duration, base)
        else { return nil }
        return (start, start + duration)
    }

    /// Reads the beginning of the file until it is known what each stream is. Decoders that are needed for that know the limits.
    private func findStreams(_ limits: SourceLimits) throws(AVError) {
        let count = Int(pointer.pointee.nb_streams)
        var options = [OpaquePointer?](repeating: nil, count: count)
        for index in options.indices {
            av_dict_set_int(&options[index], "max_pixels", Int64(limits.maxPixels), 0)
            av_dict_set_int(&options[index], "threads", 1, 0)
        }
        defer { for index in options.indices { av_dict_free(&options[index]) } }
        let status = options.withUnsafeMutableBufferPointer { avformat_find_stream_info(pointer, $0.baseAddress) }
        guard status >= 0, !input.failed, !input.isOverdue else { throw input.verdict(status, "looking for streams") }
        guard pointer.pointee.nb_streams > 0 else { throw AVError(.unreadable, "the file has no streams") }
    }

    /// Whether what the file declares is within the limits.
    private func checkSizes(_ limits: SourceLimits) throws(AVError) {
        let count = Int(pointer.pointee.nb_streams)
        guard count <= limits.maxStreams else { throw AVError(.limit, "\(count) streams; \(limits.maxStreams) are allowed") }
        for index in 0..<count {
            guard let parameters = pointer.pointee.streams[index]?.pointee.codecpar.pointee,
                parameters.codec_type == AVMEDIA_TYPE_VIDEO
            else { continue }
            try limits.check(width: Int(parameters.width), height: Int(parameters.height))
        }
    }
}
