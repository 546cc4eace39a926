import Catalog
import Events
import Messaging
import ObjectStore
import Recovery

extension Arrivals {
    /// An original: its upload is complete, as if its owner had said so.
    func original(_ keys: MediaKeys, _ key: String, _ trace: TraceParent) async throws -> Outcome {
        for _ in 1...Self.rounds {
            let found = try await catalog.entry(keys.mediaId)
            switch found?.entry {
            case .inFlight(let record) where record.projectId != keys.projectId || record.key != key: return .foreign
            case .inFlight(let record) where record.status == .uploading && record.outcome == nil:
                guard let object = try await store.head(key) else { return .gone }
                guard object.size == record.size else { return .unfit(keys) }
                let context = TransitionContext(version: found?.version ?? 0, source: source, trace: record.trace ?? trace)
                if try await recovery.complete(record, keys, context) { return .begun(keys) }
            case .some(let entry): return try await isGivenUp(entry, keys) ? try await remove(key, keys) : .known(keys)
            case nil: return try await bringBack(keys, key)
            }
        }
        throw BusError("the record of \(keys.mediaId) kept changing")
    }

    /// What Redis does not know: it lost the record, or somebody has put the object where ours lie.
    private func bringBack(_ keys: MediaKeys, _ key: String) async throws -> Outcome {
        guard let object = try await store.head(key) else { return .gone }
        return try await recovery.bringBack(keys, original: object) == .mended ? .begun(keys) : .known(keys)
    }

    /// Whether its owner or its deadline has ended the upload: what arrives then is litter.
    private func isGivenUp(_ entry: CatalogEntry, _ keys: MediaKeys) async throws -> Bool {
        switch entry {
        case .deleted: return true
        case .inFlight(let record): return record.status == .uploading
        case .finished:
            let times = try await catalog.manifest(keys)?.times
            return times.map { $0.uploadedAt == nil && $0.ingestedAt == nil } ?? false
        }
    }

    private func remove(_ key: String, _ keys: MediaKeys) async throws -> Outcome {
        guard try await store.head(key) != nil else { return .gone }
        try await store.delete(key)
        return .removed(keys)
    }
}
