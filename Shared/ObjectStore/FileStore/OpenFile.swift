import CFiles
import Glibc
import NIOCore

/// An open file; closed with its last reference.
final class OpenFile: Sendable {
    let descriptor: Int32

    init(owning descriptor: Int32) { self.descriptor = descriptor }
    deinit { close(descriptor) }

    func status() throws(StoreError) -> FileStatus {
        var status = stat()
        try system("look at a file") { fstat(descriptor, &status) }
        return FileStatus(status)
    }

    /// - Returns: fewer bytes than `count` only at the end of the file.
    func read(at offset: Int64, count: Int) throws(StoreError) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: count)
        while buffer.readableBytes < count {
            let done = buffer.readableBytes
            let got = try system("read") {
                buffer.withUnsafeMutableWritableBytes { space in
                    pread(descriptor, space.baseAddress, min(space.count, count - done), off_t(offset) + off_t(done))
                }
            }
            if got == 0 { break }
            buffer.moveWriterIndex(forwardBy: got)
        }
        return buffer
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try system("write") {
                Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Appends at most `count` bytes of another file from where that one stands.
    /// - Returns: how many; 0 at its end.
    func append(from other: OpenFile, atMost count: Int) throws(StoreError) -> Int {
        let copied = cfiles_copy_range(other.descriptor, descriptor, count)
        if copied >= 0 { return copied }
        guard [EINVAL, ENOSYS, EOPNOTSUPP, EXDEV, EINTR].contains(errno) else { throw StoreError(errno: errno, "copy") }
        return try appendThroughMemory(from: other, atMost: min(count, 256 << 10))
    }

    private func appendThroughMemory(from other: OpenFile, atMost count: Int) throws(StoreError) -> Int {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        defer { block.deallocate() }
        let got = try system("read") { Glibc.read(other.descriptor, block.baseAddress, count) }
        try write(UnsafeRawBufferPointer(rebasing: block[..<got]))
        return got
    }

    /// Gives it the time of another one.
    func setTime(_ status: FileStatus) throws(StoreError) {
        let time = timespec(tv_sec: status.seconds, tv_nsec: status.nanoseconds)
        try system("set a file's time") { futimens(descriptor, [time, time]) }
    }

    func sync() throws(StoreError) { try system("write to disk") { fsync(descriptor) } }

    func attribute(_ name: String) -> String? {
        withUnsafeTemporaryAllocation(byteCount: 512, alignment: 1) { space in
            let count = fgetxattr(descriptor, name, space.baseAddress, space.count)
            return count < 0 ? nil : String(validating: space[..<count], as: UTF8.self)
        }
    }

    func setAttribute(_ name: String, _ value: String) throws(StoreError) {
        try system("keep extended attributes (user.*), which the store needs of its file system") {
            fsetxattr(descriptor, name, value, value.utf8.count, 0)
        }
    }
}
