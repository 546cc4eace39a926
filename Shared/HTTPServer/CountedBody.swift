import HTTPTypes
import Hummingbird
import Messaging
import NIOCore

extension ResponseBody {
    /// The same body, written inside `logContext`; `end` hears how many bytes were written, also when writing failed.
    func counted(in logContext: LogContext, _ end: @escaping @Sendable (Int) -> Void) -> ResponseBody {
        ResponseBody(contentLength: contentLength) { writer in
            let count = ByteCount()
            let counting = CountingWriter(inner: writer, count: count)
            try await LogContext.$current.withValue(logContext) {
                defer { end(count.bytes) }
                try await write(counting)
            }
        }
    }
}

/// Filled by one writer and read by the task that awaited it.
private final class ByteCount { var bytes = 0 }

private struct CountingWriter: ResponseBodyWriter {
    var inner: any ResponseBodyWriter
    let count: ByteCount

    mutating func write(_ buffer: ByteBuffer) async throws {
        try await inner.write(buffer)
        count.bytes += buffer.readableBytes
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await inner.finish(trailingHeaders)
    }
}
