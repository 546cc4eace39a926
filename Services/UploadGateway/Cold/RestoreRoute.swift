import Access
import Events
import FoundationEssentials
import HTTPServer
import Hummingbird
import ObjectStore

/// `POST /api/v2/media/{mediaId}/restore?projectId=`: brings a media's original back from cold storage. 200 once it can be read, 202 while it
/// is on its way.
struct RestoreRoute: Sendable {
    private struct Answer: Encodable {
        let mediaId: MediaID
        let projectId: ProjectID
        /// Absent for one that is at hand.
        let original: StorageView?
    }

    let storage: OriginalStorage
    let restorations: Restorations

    func handle(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let project = try context.requireProject(try QueryParameters(request).require("projectId"))
        let keys = MediaKeys(projectId: project, mediaId: try context.mediaId())
        guard let key = try await storage.key(keys) else { throw Problem.mediaNotFound }
        let state = try await restored(key)
        let answer = Answer(mediaId: keys.mediaId, projectId: project, original: StorageView(state))
        return try jsonResponse(answer, state.isReadable ? .ok : .accepted, headers: [.cacheControl: "no-store"])
    }

    private func restored(_ key: String) async throws -> StorageState {
        do { return try await restorations.restore(key) } catch let error as StoreError where error.code == .notFound {
            throw Problem.notFound()
        } catch let error as StoreError
            where [.invalidRequest, .tooLarge, .archived].contains(error.code)
        {
            throw Problem(
                .conflict, code: "restoreRefused", detail: "The store cannot bring this original back; its operator has to.")
        }
    }
}
