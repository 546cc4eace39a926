import Catalog
import Events
import FoundationEssentials
import HTTPServer
import ObjectStore

/// Finds the upload that a tus address names.
struct TusFinder: Sendable {
    enum Found: Sendable {
        case uploading(TusUpload)
        /// All bytes came, perhaps long ago.
        case arrived(size: Int64, isPartial: Bool)
    }

    let finder: MediaFinder
    let partials: TusPartials
    let store: any ObjectStore

    /// - Throws: 403 `forbiddenProject`, 404 `mediaNotFound`, 410 `uploadExpired`.
    func find(_ context: MillraceContext) async throws -> Found { try await find(try context.mediaId(), context) }

    func find(_ id: MediaID, _ context: MillraceContext) async throws -> Found {
        if let partial = try await partials.find(id) { return try await found(partial, context) }
        let (entry, _) = try await finder.named(id, context)
        if case .inFlight(let record) = entry, record.status == .uploading, record.outcome == nil {
            return .uploading(TusUpload(upload: Upload(record), fileName: record.fileName, expiresAt: record.deadline))
        }
        guard try await finder.hasArrived(entry), let size = try await size(entry) else { throw Problem.uploadGone }
        return .arrived(size: size, isPartial: false)
    }

    private func found(_ partial: TusUpload, _ context: MillraceContext) async throws -> Found {
        _ = try context.requireProject(partial.upload.projectId.rawValue)
        guard partial.expiresAt > Date() else { throw Problem.uploadGone }
        let isThere = try await store.head(partial.upload.key) != nil
        return isThere ? .arrived(size: partial.size, isPartial: true) : .uploading(partial)
    }

    private func size(_ entry: CatalogEntry) async throws -> Int64? {
        switch entry {
        case .inFlight(let record): return record.size
        case .finished(let summary):
            let keys = MediaKeys(projectId: summary.projectId, mediaId: summary.mediaId)
            return try await finder.catalog.manifest(keys)?.original?.size
        case .deleted: return nil
        }
    }
}
