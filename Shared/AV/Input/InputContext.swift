internal import CAV

/// An `AVFormatContext` for reading with all that it needs, freed together.
///
/// Three locks keep a hostile file from reaching anything else: one demuxer is named, so that none is guessed; every request of a
/// demuxer to open something is refused; and were one to ask a protocol past that, no protocol is allowed.
struct InputContext: ~Copyable {
    let pointer: UnsafeMutablePointer<AVFormatContext>
    let input: FileInput
    let container: Container
    private let io: UnsafeMutablePointer<AVIOContext>

    init(_ input: FileInput, _ container: Container, _ limits: SourceLimits) throws(AVError) {
        _ = Log.silenced
        guard let demuxer = av_find_input_format(container.demuxer) else {
            throw AVError(.unsupported, "no demuxer \(container.demuxer)")
        }
        let io = try Self.io(over: input)
        do { pointer = try Self.open(input, io, demuxer, limits) } catch {
            Self.free(io)
            throw error
        }
        self.input = input
        self.container = container
        self.io = io
    }

    deinit {
        var context: UnsafeMutablePointer<AVFormatContext>? = pointer
        avformat_close_input(&context)
        Self.free(io)
    }

    private static func open(
        _ input: FileInput, _ io: UnsafeMutablePointer<AVIOContext>, _ demuxer: UnsafePointer<AVInputFormat>,
        _ limits: SourceLimits
    ) throws(AVError) -> UnsafeMutablePointer<AVFormatContext> {
        let context = try AVError.allocated(avformat_alloc_context())
        context.pointee.pb = io
        context.pointee.io_open = { _, _, _, _, _ in mr_av_error(EACCES) }
        context.pointee.interrupt_callback = AVIOInterruptCB(
            callback: { opaque in InputContext.input(opaque).map { $0.isOverdue ? 1 : 0 } ?? 1 },
            opaque: Unmanaged.passUnretained(input).toOpaque())
        context.pointee.protocol_whitelist = av_strdup("none")
        context.pointee.format_whitelist = av_strdup(demuxer.pointee.name)
        context.pointee.codec_whitelist = av_strdup(AllowedDecoders.list)
        context.pointee.max_streams = Int32(clamping: limits.maxStreams)
        context.pointee.probesize = Int64(limits.probeBytes)
        context.pointee.max_analyze_duration = Int64(limits.probeSeconds * Double(mr_av_time_base))
        var opened: UnsafeMutablePointer<AVFormatContext>? = context
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        // All of a transport stream's tables, so that no stream is found late.
        av_dict_set(&options, "scan_all_pmts", "1", 0)
        // It frees the context where it fails.
        let status = avformat_open_input(&opened, nil, demuxer, &options)
        guard status >= 0, let opened else { throw input.verdict(status, "opening") }
        // What is found out of a stream that comes later would know no limits.
        if opened.pointee.nb_streams > 0 { opened.pointee.max_streams = Int32(clamping: opened.pointee.nb_streams) }
        return opened
    }

    private static func io(over input: FileInput) throws(AVError) -> UnsafeMutablePointer<AVIOContext> {
        let size = 64 << 10
        let buffer = try AVError.allocated(av_malloc(size))
        let io = avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self), Int32(size), 0, Unmanaged.passUnretained(input).toOpaque(),
            { opaque, buffer, count in
                guard let input = InputContext.input(opaque), let buffer else { return mr_av_error(EINVAL) }
                return input.read(into: buffer, count: count)
            }, nil,
            { opaque, offset, whence in
                InputContext.input(opaque)?.seek(to: offset, whence: whence) ?? Int64(mr_av_error(EINVAL))
            })
        guard let io else {
            av_free(buffer)
            throw AVError(.limit, "no memory")
        }
        return io
    }

    private static func free(_ io: UnsafeMutablePointer<AVIOContext>) {
        av_free(io.pointee.buffer)
        var io: UnsafeMutablePointer<AVIOContext>? = io
        avio_context_free(&io)
    }

    private static func input(_ opaque: UnsafeMutableRawPointer?) -> FileInput? {
        opaque.map { Unmanaged<FileInput>.fromOpaque($0).takeUnretainedValue() }
    }
}

extension FileInput {
    /// What a failure of libavformat means: it is not the file's fault when the system cannot read it, or time is up.
    func verdict(_ status: Int32, _ doing: String) -> AVError {
        if failed { return AVError(.io, "\(doing): the file cannot be read") }
        if isOverdue { return AVError(.limit, "\(doing): the deadline has passed") }
        let error = AVError(status, doing)
        return error.code == .other ? AVError(.unreadable, error.description) : error
    }
}
