import NIOCore
import Synchronization

/// A range of an open file, one chunk of 128 KiB for each time the reader asks. The open file outlives its deletion.
enum FileChunks {
    static let size = 128 << 10

    static func stream(_ file: OpenFile, _ range: Range<Int64>) -> AsyncThrowingStream<ByteBuffer, any Error> {
        let position = Position(range.lowerBound)
        return AsyncThrowingStream {
            let offset = position.offset.load(ordering: .relaxed)
            let count = Int(min(Int64(size), range.upperBound - offset))
            guard count > 0 else { return nil }
            let chunk = try await FileWork.run { () throws(StoreError) in try file.read(at: offset, count: count) }
            guard chunk.readableBytes == count else {
                throw StoreError(.unavailable, "the file became shorter while it was read")
            }
            position.offset.store(offset + Int64(count), ordering: .relaxed)
            return chunk
        }
    }

    /// Read and moved by one reader at a time.
    private final class Position: Sendable {
        let offset: Atomic<Int64>
        init(_ start: Int64) { offset = Atomic(start) }
    }
}
