import Catalog
import Events
import Messaging

/// A step is done; the last one of the plan makes the media ready, also one that had failed for want of it.
struct CompletedHandler: Handler {
    let updates: MediaUpdates

    func handle(_ incoming: Incoming<StepCompleted>) async throws -> Commit {
        let event = incoming.event
        let keys = MediaKeys(projectId: event.projectId, mediaId: event.mediaId)
        return try await updates.apply(incoming, keys, completing: event.step) { try $0.completed($1, $2, $3) }
    }
}
