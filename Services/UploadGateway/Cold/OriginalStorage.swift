import Catalog
import Events
import FoundationEssentials
import HTTPServer
import ObjectStore

/// Looks where the originals of media lie.
struct OriginalStorage: Sendable {
    let catalog: Catalog
    let store: any ObjectStore

    /// Nil for one at hand. The store is asked about those only that are old enough to have gone; where it does not answer, the media's
    /// status matters more.
    func view(_ keys: MediaKeys) async throws -> StorageView? {
        guard let cold = store.cold, keys.mediaId.createdAt.addingTimeInterval(cold.after / .seconds(1)) < Date(),
            let key = try await key(keys)
        else { return nil }
        return (try? await store.head(key)).flatMap { StorageView($0.state) }
    }

    /// The key of a media's original; nil where the project has no such media, or the media has none.
    func key(_ keys: MediaKeys) async throws -> String? {
        if case .inFlight(let record) = try await catalog.entry(keys.mediaId)?.entry {
            return record.projectId == keys.projectId && !record.key.isEmpty ? record.key : nil
        }
        return try await catalog.manifest(keys)?.original?.key
    }
}

extension Problem {
    /// - Parameter key: of an object that cannot be read for now.
    static func archived(_ key: String, _ state: StorageState) -> Problem {
        guard let keys = MediaKeys.parse(key)?.keys else { return .notFound() }
        return .originalArchived(keys, isReturning: state == .restoring)
    }
}
