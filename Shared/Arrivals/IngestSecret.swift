import Crypto
import NIOCore
import ObjectStore

/// What the ids of ingested media are made with, so that nobody can tell them who knows key, tag and time of the object.
///
/// It lies in the store beside what was made with it: all who ingest find the same, wherever they run and whatever keys they have. Who
/// removes it makes all objects of other tools look new.
actor IngestSecret {
    private static let key = "system/ingest/secret"
    private static let size = 32

    private let store: any ObjectStore
    private let mayBeMade: Bool
    private var known: SymmetricKey?

    init(store: any ObjectStore, mayBeMade: Bool) { (self.store, self.mayBeMade) = (store, mayBeMade) }

    /// Made where there is none yet; where it may not be, one that nothing was made with stands for it, by which every object is new.
    func value() async throws(StoreError) -> SymmetricKey {
        if let known { return known }
        var secret = try await read()
        if secret == nil, mayBeMade {
            try await make()
            secret = try await read()
        } else if secret == nil {
            secret = SymmetricKey(size: .bits256)
        }
        guard let secret else { throw StoreError(.unavailable, "there is no \(Self.key)") }
        known = secret
        return secret
    }

    /// - Throws: `.unavailable` where it is none of ours: events wait until somebody has put the right one there.
    private func read() async throws(StoreError) -> SymmetricKey? {
        guard let info = try await store.head(Self.key) else { return nil }
        guard info.size == Self.size else { throw StoreError(.unavailable, "\(Self.key) is none of ours") }
        return SymmetricKey(data: Array(try await store.readAll(Self.key, limit: Self.size).readableBytesView))
    }

    /// As an upload in parts, because such a one never replaces what is there: of many who find none, one makes it.
    private func make() async throws(StoreError) {
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { ByteBuffer(bytes: $0) }
        let upload: String
        do { upload = try await store.beginMultipart(Self.key, contentType: "application/octet-stream") } catch
            where error.code == .alreadyExists
        { return }
        do {
            let part = try await store.putPart(1, of: upload, key: Self.key, secret)
            _ = try await store.completeMultipart(Self.key, uploadId: upload, parts: [part])
        } catch  where error.code == .alreadyExists {
            try await store.abortMultipart(Self.key, uploadId: upload)
        }
    }
}
