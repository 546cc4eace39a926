package import Events
package import FoundationEssentials
import NIOCore
package import ObjectStore
package import Redis

/// What is known of every media: records in flight and summaries of finished ones from Redis, manifests from the store.
///
/// It only reads. Changes are transitions of `MediaRecord`, committed through the bus.
package struct Catalog: Sendable {
    let redis: RedisClient
    let partitions: Int
    private let store: any ObjectStore
    private let cache: ManifestCache

    /// - Parameters:
    ///   - partitions: as the bus has them.
    ///   - manifestCacheBytes: at most so many bytes of manifest JSON are kept, decoded, in memory.
    package init(redis: RedisClient, store: any ObjectStore, partitions: Int, manifestCacheBytes: Int = 16 << 20) {
        self.redis = redis
        self.store = store
        self.partitions = max(1, partitions)
        cache = ManifestCache(capacity: manifestCacheBytes)
    }

    /// What the state holds of a media, with the version that the next commit must expect; nil when it holds nothing.
    package func entry(_ id: MediaID) async throws -> (entry: CatalogEntry, version: Int)? {
        try await entries([id])[0]
    }

    /// The manifest of a finished media; nil while it is in flight, when it was deleted, and when there is none.
    /// A media that the state has lost is looked up in the store.
    package func manifest(_ keys: MediaKeys) async throws -> Manifest? {
        switch try await entry(keys.mediaId)?.entry {
        case .finished(let summary) where summary.projectId == keys.projectId: try await manifest(summary)
        case nil: try await read(keys)?.manifest
        default: nil
        }
    }

    /// The media's status as it was announced last; nil for an unknown or deleted media.
    package func status(_ id: MediaID) async throws -> MediaStatusChanged? {
        switch try await entry(id)?.entry {
        case .inFlight(let record): record.statusChanged
        case .finished(let summary): try await manifest(summary)?.statusChanged
        default: nil
        }
    }

    /// Media in flight whose deadline is not after `now`, the longest overdue of each partition first.
    package func overdue(now: Date, limit: Int) async throws -> [MediaID] {
        let commands = (0..<partitions).map { partition in
            let index = RedisKeys.index(partition, CatalogKeys.deadlines)
            return ["ZRANGEBYSCORE", index, "-inf", "\(Int64(now.milliseconds))", "LIMIT", "0", "\(limit)"]
        }
        return Array(try await arrays(commands).joined().compactMap(MediaID.init(compact:)).prefix(limit))
    }

    func manifest(_ summary: MediaSummary) async throws -> Manifest? {
        if let cached = cache.manifest(of: summary.mediaId, revision: summary.revision) { return cached }
        let keys = MediaKeys(projectId: summary.projectId, mediaId: summary.mediaId)
        guard let (manifest, bytes) = try await read(keys) else { return nil }
        cache.insert(manifest, bytes: bytes)
        return manifest
    }

    private func read(_ keys: MediaKeys) async throws -> (manifest: Manifest, bytes: Int)? {
        do {
            let buffer = try await store.readAll(keys.manifest, limit: 4 << 20)
            return (try EventCoding.decode(Manifest.self, from: Data(buffer.readableBytesView)), buffer.readableBytes)
        } catch let error as StoreError where error.code == .notFound {
            return nil
        } catch let error as DecodingError {
            throw CatalogError(.corrupt, "the manifest of \(keys.mediaId) cannot be read: \(error)")
        }
    }
}
