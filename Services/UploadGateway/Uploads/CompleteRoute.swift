import Catalog
import Events
import HTTPServer
import Hummingbird
import Messaging
import ObjectStore

/// `POST /api/v2/uploads/{mediaId}/complete`: the bytes are there; from here on the media is processed.
struct CompleteRoute: Sendable {
    private static let rounds = 20

    let finder: MediaFinder
    let assembly: UploadAssembly
    let givenUp: GivenUpUploads
    let bus: any Bus
    let stepDeadline: Duration
    let publicURL: String

    func handle(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let parts = try await ClaimedParts.read(request)
        for _ in 1...Self.rounds {
            let (entry, version) = try await finder.entry(context)
            if try await isDone(entry, version, parts, context), let project = entry.projectId {
                return try jsonResponse(CompletedUpload(try context.mediaId(), project, publicURL: publicURL))
            }
        }
        throw Problem.unavailable("The media's record kept changing.")
    }

    /// False when the record changed meanwhile: look again.
    private func isDone(
        _ entry: CatalogEntry, _ version: Int, _ parts: ClaimedParts?, _ context: MillraceContext
    ) async throws -> Bool {
        guard try await !finder.hasArrived(entry) else { return true }
        guard case .inFlight(let record) = entry, record.outcome == nil else { throw Problem.uploadExpired }
        try await assembly.assemble(Upload(record), parts)
        let transition = TransitionContext(version: version, source: serviceName, trace: context.trace)
        guard let uploaded = try record.uploaded(stepDeadline: stepDeadline, transition) else { return true }
        let keys = MediaKeys(projectId: record.projectId, mediaId: record.mediaId)
        let lane = try await finder.catalog.lane(of: keys, entering: [.uploaded, .processing])
        if try await bus.commit(uploaded.commit.inLane(lane)) == .committed { return true }
        try await givenUp.removeLate(record.key)
        return false
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
