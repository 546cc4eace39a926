import Catalog
import Events
import Messaging

/// A step is done; the last one of the plan makes the media ready.
struct CompletedHandler: Handler {
    let updates: MediaUpdates

    func handle(_ incoming: Incoming<StepCompleted>) async throws -> Commit {
        let event = incoming.event
        let keys = MediaKeys(projectId: event.projectId, mediaId: event.mediaId)
        return try await updates.apply(incoming, keys) { try $0.completed($1, $2, $3) }
    }
}
