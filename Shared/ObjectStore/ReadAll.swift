package import NIOCore

extension ObjectStore {
    /// A whole object in memory.
    /// - Throws: `.tooLarge` for one of more than `limit` bytes, before any is read; `.unavailable` when the reading was
    ///   cut short, also by cancellation.
    package func readAll(_ key: String, limit: Int) async throws(StoreError) -> ByteBuffer {
        let content = try await read(key, range: nil)
        guard content.info.size <= limit else {
            throw StoreError(.tooLarge, "the object has \(content.info.size) bytes, \(limit) are allowed")
        }
        var bytes = ByteBufferAllocator().buffer(capacity: Int(content.info.size))
        do {
            for try await chunk in content.chunks { bytes.writeImmutableBuffer(chunk) }
        } catch {
            throw error as? StoreError ?? StoreError(.unavailable, "reading failed: \(error)")
        }
        guard bytes.readableBytes == content.info.size else {
            throw StoreError(.unavailable, "reading was cut short at byte \(bytes.readableBytes)")
        }
        return bytes
    }
}
