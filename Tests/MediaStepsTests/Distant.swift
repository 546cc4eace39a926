import NIOCore
import ObjectStore

/// A store whose objects are no files of this machine.
struct Distant: ObjectStore {
    let store: FileStore
    /// What `head` says instead of the truth.
    var etag: String?
    /// What is said instead of the truth.
    var size: Int64?

    func head(_ key: String) async throws(StoreError) -> ObjectInfo? {
        try await store.head(key).map { told($0, etag: etag ?? $0.etag) }
    }

    func read(_ key: String, range: ByteRange?) async throws(StoreError) -> ObjectContent {
        let content = try await store.read(key, range: range)
        return ObjectContent(info: told(content.info, etag: content.info.etag), range: content.range, chunks: content.chunks)
    }

    private func told(_ info: ObjectInfo, etag: String) -> ObjectInfo {
        ObjectInfo(
            key: info.key, size: size ?? info.size, etag: etag, contentType: info.contentType, modifiedAt: info.modifiedAt,
            state: info.state)
    }

    func put(_ key: String, _ bytes: ByteBuffer, contentType: String) async throws(StoreError) -> ObjectInfo {
        try await store.put(key, bytes, contentType: contentType)
    }
    func delete(_ key: String) async throws(StoreError) { try await store.delete(key) }
    func copy(
        _ source: String, to key: String, ifMatch etag: String?, replacing: Bool
    ) async throws(StoreError) -> ObjectInfo {
        try await store.copy(source, to: key, ifMatch: etag, replacing: replacing)
    }
    func putPart(
        _ number: Int, of uploadId: String, key: String, _ bytes: ByteBuffer
    ) async throws(StoreError) -> PartInfo { try await store.putPart(number, of: uploadId, key: key, bytes) }
    func list(prefix: String, startAfter: String?, limit: Int) async throws(StoreError) -> [ObjectInfo] {
        try await store.list(prefix: prefix, startAfter: startAfter, limit: limit)
    }
    func beginMultipart(_ key: String, contentType: String) async throws(StoreError) -> String {
        try await store.beginMultipart(key, contentType: contentType)
    }
    func parts(of uploadId: String, key: String) async throws(StoreError) -> [PartInfo] {
        try await store.parts(of: uploadId, key: key)
    }
    func completeMultipart(_ key: String, uploadId: String, parts: [PartInfo]) async throws(StoreError) -> ObjectInfo {
        try await store.completeMultipart(key, uploadId: uploadId, parts: parts)
    }
    func abortMultipart(_ key: String, uploadId: String) async throws(StoreError) {
        try await store.abortMultipart(key, uploadId: uploadId)
    }
    func presign(_ request: PresignRequest) async throws(StoreError) -> PresignedRequest { try await store.presign(request) }
    var cold: ColdStorage? { store.cold }
    func archive(_ object: ObjectInfo) async throws(StoreError) { try await store.archive(object) }
    func restore(_ key: String) async throws(StoreError) -> ObjectInfo { try await store.restore(key) }
    func tidy() async { await store.tidy() }
    func check() async throws(StoreError) { try await store.check() }
}
