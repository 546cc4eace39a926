import Catalog
import Events
import Messaging

/// A step lives and tells how far it is.
struct ProgressHandler: Handler {
    let updates: MediaUpdates

    func handle(_ incoming: Incoming<StepProgress>) async throws -> Commit {
        let event = incoming.event
        let keys = MediaKeys(projectId: event.projectId, mediaId: event.mediaId)
        return try await updates.apply(incoming, keys) { try $0.progressed($1, $2, $3) }
    }
}
