import Access
import Catalog
import Events
import HTTPServer

/// Finds media for a caller: what the caller's key does not allow does not exist.
struct MediaFinder: Sendable {
    let catalog: Catalog

    /// The media that `:mediaId` names, with its record's version.
    /// - Throws: 404 `mediaNotFound` where there is none for this caller.
    func entry(_ context: MillraceContext) async throws -> (entry: CatalogEntry, version: Int) {
        guard let found = try await catalog.entry(try context.mediaId()), let project = found.entry.projectId,
            context.apiKey?.allows(project.rawValue) == true
        else { throw Problem.mediaNotFound }
        return found
    }

    /// What the catalog holds of a media that the caller was told the name of.
    /// - Throws: 404 `mediaNotFound`; 403 `forbiddenProject` where it belongs to a project that the caller's key does not open.
    func named(_ id: MediaID, _ context: MillraceContext) async throws -> (entry: CatalogEntry, version: Int) {
        guard let found = try await catalog.entry(id), let project = found.entry.projectId else { throw Problem.mediaNotFound }
        _ = try context.requireProject(project.rawValue)
        return found
    }

    /// The record of a media that is still being uploaded.
    /// - Throws: 409 `alreadyUploaded` or `uploadExpired` where it is not any more.
    func uploading(_ context: MillraceContext) async throws -> (record: MediaRecord, version: Int) {
        let (entry, version) = try await entry(context)
        guard case .inFlight(let record) = entry, record.status == .uploading, record.outcome == nil else {
            throw try await hasArrived(entry) ? Problem.alreadyUploaded : Problem.uploadExpired
        }
        return (record, version)
    }

    /// Whether a media's upload was completed.
    func hasArrived(_ entry: CatalogEntry) async throws -> Bool {
        switch entry {
        case .inFlight(let record): return record.status != .uploading
        case .finished(let summary):
            let keys = MediaKeys(projectId: summary.projectId, mediaId: summary.mediaId)
            guard let times = try await catalog.manifest(keys)?.times else { return false }
            return times.uploadedAt != nil || times.ingestedAt != nil
        case .deleted: return false
        }
    }
}
