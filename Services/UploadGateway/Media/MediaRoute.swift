import Access
import Catalog
import Events
import HTTPServer
import Hummingbird

/// `GET /api/v2/media/{mediaId}`: everything that is known of a media.
struct MediaRoute: Sendable {
    let finder: MediaFinder
    let catalog: Catalog
    let storage: OriginalStorage
    let publicURL: String

    func handle(_ request: Request, _ context: MillraceContext) async throws -> Response {
        var view = try await view(context)
        let keys = MediaKeys(projectId: view.projectId, mediaId: view.mediaId)
        if let place = try await storage.view(keys) {
            view.original?.storage = place.storage
            view.original?.restoredUntil = place.restoredUntil
        }
        return try jsonResponse(view, headers: [.cacheControl: "no-store"])
    }

    private func view(_ context: MillraceContext) async throws -> MediaView {
        if let lost = try await lost(context) { return lost }
        switch try await finder.entry(context).entry {
        case .inFlight(let record): return MediaView(record, publicURL: publicURL)
        case .finished(let summary):
            let keys = MediaKeys(projectId: summary.projectId, mediaId: summary.mediaId)
            guard let manifest = try await catalog.manifest(keys) else { throw Problem.mediaNotFound }
            return MediaView(manifest, publicURL: publicURL)
        case .deleted: throw Problem.mediaNotFound
        }
    }

    /// A finished media that Redis has lost, for a key that names the project.
    private func lost(_ context: MillraceContext) async throws -> MediaView? {
        let id = try context.mediaId()
        guard try await catalog.entry(id) == nil, let project = context.apiKey.flatMap({ ProjectID($0.project) }) else {
            return nil
        }
        let manifest = try await catalog.manifest(MediaKeys(projectId: project, mediaId: id))
        return manifest.map { MediaView($0, publicURL: publicURL) }
    }
}
