import Events
import FoundationEssentials
import Glibc
import Messaging
import NIOCore
import ObjectStore

/// An original on its way from the store into a working directory.
struct Original: Sendable {
    private let event: MediaIngested
    private let store: any ObjectStore
    private let limit: Int

    /// - Parameter limit: bytes; a larger one is refused.
    init(_ event: MediaIngested, in store: any ObjectStore, limit: Int) {
        self.event = event
        self.store = store
        self.limit = limit
    }

    /// - Returns: the file's path.
    /// - Throws: `StoreError`; `Failure`, transient while the disk has no room for it and for what is made of it.
    func fetch(into directory: String) async throws -> String {
        let content = try await store.read(event.key, range: nil)
        guard content.info.size <= limit else {
            throw Failure.permanent(MediaError(.processingFailed, "The original is too large to be worked on."))
        }
        try checkRoom(in: directory, for: content.info.size)
        let path = "\(directory)/original"
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Failure.transient("no file for the original: error \(errno)") }
        defer { close(file) }
        var written: Int64 = 0
        for try await chunk in content.chunks {
            try Self.write(chunk, to: file)
            written += Int64(chunk.readableBytes)
        }
        try Task.checkCancellation()
        guard written == Int64(content.range.count) else { throw Failure.transient("the original came only in part") }
        return path
    }

    private func checkRoom(in directory: String, for size: Int64) throws {
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else { throw Failure.transient("the working directory: error \(errno)") }
        let free = Int64(clamping: status.f_bavail) * Int64(clamping: status.f_frsize)
        // The renditions together are rarely larger than the original.
        guard free / 2 > size else { throw Failure.transient("no room for an original of \(size) bytes: \(free) are free") }
    }

    private static func write(_ chunk: ByteBuffer, to file: Int32) throws {
        try chunk.withUnsafeReadableBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if errno != EINTR {
                    throw Failure.transient("writing the original: error \(errno)")
                }
            }
        }
    }
}
