import Catalog
import Events
import HTTPServer
import Hummingbird

/// `GET /api/v2/media/{mediaId}/status?projectId=`: where a media stands, with URLs of what can be shown of it.
struct StatusRoute: Sendable {
    let catalog: Catalog
    let storage: OriginalStorage
    let publicURL: String

    func handle(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let project = try context.requireProject(try QueryParameters(request).require("projectId"))
        let keys = MediaKeys(projectId: project, mediaId: try context.mediaId())
        let status = try await status(keys).linked(publicURL: publicURL)
        let view = StatusView(status: status, original: try await storage.view(keys))
        return try jsonResponse(view, headers: [.cacheControl: "no-store"])
    }

    /// From the catalog, or from the manifest of a media that Redis has lost.
    private func status(_ keys: MediaKeys) async throws -> MediaStatusChanged {
        if let status = try await catalog.status(keys.mediaId) {
            guard status.projectId == keys.projectId else { throw Problem.mediaNotFound }
            return status
        }
        guard let manifest = try await catalog.manifest(keys) else { throw Problem.mediaNotFound }
        return manifest.statusChanged
    }
}
