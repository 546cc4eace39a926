import NIOCore
import S3

extension S3Store {
    package func read(_ key: String, range: ByteRange?) async throws(StoreError) -> ObjectContent {
        let name = try full(key)
        if case .last(let count) = range, count <= 0 { throw Self.emptyRange }
        let content = try await translating { () async throws(S3Error) in try await client.get(name, range: range?.header) }
        // A store may answer a range of an empty object with the whole of it.
        guard range == nil || range?.resolve(size: content.object.size) != nil else { throw Self.emptyRange }
        let (info, download) = (info(content.object), content.download)
        // Not every store's own cold class keeps its bytes back; a class means the same on all of them.
        guard info.state.isReadable else { throw StoreError(.archived, "the object is in cold storage") }
        return ObjectContent(
            info: info, range: content.range,
            chunks: AsyncThrowingStream {
                do { return try await download.next().map { ByteBuffer(bytes: $0) } } catch {
                    throw StoreError(error as? S3Error)
                }
            })
    }

    private static var emptyRange: StoreError { StoreError(.rangeNotSatisfiable, "the range selects nothing") }
}

extension ByteRange {
    /// As a request header. Bytes that no object has are not asked for: not every server reads numbers of 64 bits.
    fileprivate var header: String {
        let most: Int64 = 1 << 50
        switch self {
        case .from(let first, let last): return "bytes=\(min(first, most))-" + (last.map { $0 < most ? "\($0)" : "" } ?? "")
        case .last(let count): return "bytes=-\(min(count, most))"
        }
    }
}
