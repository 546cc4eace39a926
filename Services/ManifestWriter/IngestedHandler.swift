import Catalog
import Events
import Messaging

/// A media was recognised: it is in processing now.
struct IngestedHandler: Handler {
    let updates: MediaUpdates

    func handle(_ incoming: Incoming<MediaIngested>) async throws -> Commit {
        let event = incoming.event
        let keys = MediaKeys(projectId: event.projectId, mediaId: event.mediaId)
        return try await updates.apply(incoming, keys, completing: .ingest) { try $0.ingested($1, $2, $3) }
    }
}
