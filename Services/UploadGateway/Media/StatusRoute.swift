import Catalog
import Events
import HTTPServer
import Hummingbird

/// `GET /api/v2/media/{mediaId}/status?projectId=`: where a media stands, with URLs of what can be shown of it.
struct StatusRoute: Sendable {
    let catalog: Catalog
    let publicURL: String

    func handle(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let project = try context.requireProject(try QueryParameters(request).require("projectId"))
        guard let status = try await catalog.status(try context.mediaId()), status.projectId == project else {
            throw Problem.mediaNotFound
        }
        return try jsonResponse(status.linked(publicURL: publicURL), headers: [.cacheControl: "no-store"])
    }
}
