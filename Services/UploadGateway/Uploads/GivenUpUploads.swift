import Catalog
import Events
import HTTPServer
import ObjectStore

/// Uploads that their owner or their deadline has ended. What still arrives of them is litter that nobody else would remove: it came
/// behind the clean-up.
struct GivenUpUploads: Sendable {
    let catalog: Catalog
    let store: any ObjectStore

    /// - Throws: 409 `uploadClosed` where `key` is the original of such an upload.
    func refuse(_ key: String) async throws {
        guard try await contains(key) else { return }
        throw Problem.uploadClosed
    }

    /// Removes the original at `key`, which has just been made, where its upload was given up meanwhile.
    /// - Throws: 409 `uploadClosed` when it was.
    func removeLate(_ key: String) async throws {
        guard try await contains(key) else { return }
        try await store.delete(key)
        throw Problem.uploadClosed
    }

    /// An upload that the catalog does not know, or cannot be asked about, is not given up: whether Redis is there must not matter
    /// to bytes on their way.
    private func contains(_ key: String) async throws -> Bool {
        guard let keys = MediaKeys.parse(key)?.keys, let entry = try? await catalog.entry(keys.mediaId)?.entry else {
            return false
        }
        switch entry {
        case .deleted: return true
        case .inFlight(let record): return record.status == .uploading && record.outcome != nil
        case .finished:
            let times = try await catalog.manifest(keys)?.times
            return times.map { $0.uploadedAt == nil && $0.ingestedAt == nil } ?? false
        }
    }
}
