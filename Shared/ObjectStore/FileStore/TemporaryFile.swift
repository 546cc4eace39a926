import Crypto
import NIOCore
import Synchronization

/// A file on its way to become an object: written under a random name, then published, else removed with its last reference.
final class TemporaryFile: Sendable {
    private struct State {
        var size: Int64 = 0
        var hash = SHA256()
    }

    let file: OpenFile
    let folder: Folder
    let name = randomHex(bytes: 16)
    private let state = Mutex(State())

    init(in folder: Folder) throws(StoreError) {
        self.folder = folder
        file = try folder.create(name)
    }

    /// After `rename` there is nothing of this name; after `link` the object keeps its other name.
    deinit { try? folder.unlink(name) }

    var size: Int64 { state.withLock { $0.size } }

    func append(_ bytes: ByteBuffer) throws(StoreError) {
        try bytes.withUnsafeReadableBytes { (bytes) throws(StoreError) in
            try file.write(bytes)
            state.withLock { state in
                state.size += Int64(bytes.count)
                state.hash.update(bufferPointer: bytes)
            }
        }
    }

    /// Appends at most `count` bytes of a file, unhashed.
    func append(from other: OpenFile, atMost count: Int) throws(StoreError) -> Int {
        let copied = try file.append(from: other, atMost: count)
        state.withLock { $0.size += Int64(copied) }
        return copied
    }

    /// Fails where this file system could not hold an object.
    func probe() throws(StoreError) {
        try ObjectAttributes(etag: "", contentType: "").write(to: file)
    }

    /// Keeps type and tag with the bytes, and all of it on disk.
    /// - Parameter etag: nil for the one that follows from the bytes.
    func seal(contentType: String, etag: String? = nil) throws(StoreError) {
        let etag = etag ?? state.withLock { ETag.of($0.hash.finalize()) }
        try seal(ObjectAttributes(etag: etag, contentType: contentType))
    }

    func seal(_ attributes: ObjectAttributes) throws(StoreError) {
        try attributes.write(to: file)
        try file.sync()
    }

    /// Gives it the time of another one: when it is sealed, as an old temporary file is taken for forgotten.
    func setTime(_ status: FileStatus) throws(StoreError) {
        try file.setTime(status)
        try file.sync()
    }
}
