import Catalog
import Events
import HTTPServer
import Hummingbird

/// `POST /api/v2/uploads/{mediaId}/complete`: the bytes are there; from here on the media is processed.
struct CompleteRoute: Sendable {
    let completion: UploadCompletion
    let publicURL: String

    func handle(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let parts = try await ClaimedParts.read(request)
        let entry = try await completion.complete(parts, trace: context.trace) { try await completion.finder.entry(context) }
        guard let project = entry.projectId else { throw Problem.mediaNotFound }
        return try jsonResponse(CompletedUpload(try context.mediaId(), project, publicURL: publicURL))
    }
}

/// The answer to `complete`, the same each time.
private struct CompletedUpload: Encodable {
    let mediaId: MediaID
    let projectId: ProjectID
    let status = MediaStatus.uploaded
    /// Where to look from now on.
    let statusUrl: String

    init(_ mediaId: MediaID, _ projectId: ProjectID, publicURL: String) {
        self.mediaId = mediaId
        self.projectId = projectId
        statusUrl = "\(publicURL)/api/v2/media/\(mediaId)/status?projectId=\(projectId)"
    }
}
