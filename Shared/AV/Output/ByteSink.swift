internal import CAV

/// Where a muxer writes to: memory, a segment at a time.
final class ByteSink {
    let context: UnsafeMutablePointer<AVIOContext>
    private let bytes = Bytes()

    private final class Bytes { var collected: [UInt8] = [] }

    init() throws(AVError) {
        let size: Int32 = 1 << 16
        let buffer = try AVError.allocated(av_malloc(Int(size)))
        let opaque = Unmanaged.passUnretained(bytes).toOpaque()
        let made = avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self), size, 1, opaque, nil,
            { opaque, start, count in
                guard let opaque, let start, count > 0 else { return count }
                let bytes = Unmanaged<Bytes>.fromOpaque(opaque).takeUnretainedValue()
                bytes.collected.append(contentsOf: UnsafeBufferPointer(start: start, count: Int(count)))
                return count
            }, nil)
        guard let made else {
            av_free(buffer)
            throw AVError(.limit, "no memory")
        }
        context = made
    }

    deinit {
        av_free(context.pointee.buffer)
        var context: UnsafeMutablePointer<AVIOContext>? = context
        avio_context_free(&context)
    }

    /// What was written since the last time.
    func take() -> [UInt8] {
        avio_flush(context)
        defer { bytes.collected = [] }
        return bytes.collected
    }
}
