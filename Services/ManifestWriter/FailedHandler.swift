import Catalog
import Events
import Messaging

/// A step has given up: the media fails, unless the step is optional.
struct FailedHandler: Handler {
    let updates: MediaUpdates

    func handle(_ incoming: Incoming<StepFailed>) async throws -> Commit {
        let event = incoming.event
        let keys = MediaKeys(projectId: event.projectId, mediaId: event.mediaId)
        return try await updates.apply(incoming, keys) { try $0.failed($1, $2, $3) }
    }
}
