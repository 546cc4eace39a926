import Catalog
import Events
import FoundationEssentials
import Messaging

/// Judges an original once: `media.ingested` with the plan for a good one, `step.failed` of the step `ingest` for a bad one.
struct IngestHandler: Handler {
    /// Duplicates of `media.uploaded` are dropped for so long; later ones do no harm, they only cost work.
    static let memory: Duration = .seconds(86_400)

    let check: OriginalCheck
    let catalog: Catalog

    func handle(_ incoming: Incoming<MediaUploaded>) async throws -> Commit {
        guard try await !catalog.wasIngested(incoming.event.mediaId) else { return .nothing }
        switch try await check.run(incoming.event, attempt: incoming.attempt) {
        case .accepted(let ingested): return try answer(incoming, ingested, "ingested")
        case .refused(let error): return try refuse(incoming, error)
        }
    }

    func abandon(_ incoming: Incoming<MediaUploaded>, because failure: Failure) async throws -> Commit {
        guard try await !catalog.wasIngested(incoming.event.mediaId) else { return .nothing }
        let unknown = MediaError(.processingFailed, "The original could not be checked.", step: .ingest)
        return try refuse(incoming, failure.mediaError ?? unknown)
    }

    private func refuse(_ incoming: Incoming<MediaUploaded>, _ error: MediaError) throws -> Commit {
        let event = incoming.event
        let failed = StepFailed(mediaId: event.mediaId, projectId: event.projectId, step: .ingest, error: error)
        return try answer(incoming, failed, "ingest.failed")
    }

    /// The answer and the marker that it was given, together. When a duplicate was faster, the marker is a conflict, and this
    /// handler runs again and finds it.
    private func answer(_ incoming: Incoming<MediaUploaded>, _ event: some Event, _ idSuffix: String) throws -> Commit {
        let envelope = Envelope(
            event, id: "\(event.mediaId).\(idSuffix)", source: Group.ingestListener.rawValue, trace: incoming.trace.child())
        let marker = StateChange.put(
            key: CatalogKeys.ingested(event.mediaId), value: idSuffix, expecting: 0, lifetime: Self.memory)
        return Commit(event.mediaId, changes: [marker], outputs: [try Output(envelope)])
    }
}
