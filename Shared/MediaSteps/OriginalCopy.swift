import Glibc
import Messaging
import NIOCore
import ObjectStore

/// An original on its way from the store to a file, a piece at a time.
struct OriginalCopy {
    private let content: ObjectContent

    init(_ content: ObjectContent) { self.content = content }

    /// - Parameter path: of a file that is not there yet.
    /// - Throws: `StoreError`; `Failure`, a patient one while the disk has no room for it and as much again for what is made of it.
    func write(to path: String) async throws {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Failure.system("the original cannot be copied", errno) }
        defer { close(file) }
        try checkRoom(file)
        var count = 0
        for try await chunk in content.chunks {
            try Self.append(chunk, to: file)
            count += chunk.readableBytes
        }
        guard count == content.range.count else { throw StoreError(.unavailable, "reading was cut short at byte \(count)") }
    }

    private func checkRoom(_ file: Int32) throws(Failure) {
        var status = statvfs()
        guard fstatvfs(file, &status) == 0 else { throw .system("the working directory", errno) }
        let free = Int64(clamping: status.f_bavail).multipliedReportingOverflow(by: Int64(clamping: status.f_frsize))
        let size = content.info.size
        guard free.overflow || free.partialValue / 2 >= size else {
            throw .transient("no room for an original of \(size) bytes: \(free.partialValue) are free", .fullDisk)
        }
    }

    private static func append(_ chunk: ByteBuffer, to file: Int32) throws(Failure) {
        let error: Int32? = chunk.withUnsafeReadableBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno != EINTR { return errno }
                rest = rest.dropFirst(max(0, count))
            }
            return nil
        }
        if let error { throw .system("the original cannot be copied", error) }
    }
}
