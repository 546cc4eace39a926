import Catalog
import Events
import FoundationEssentials
import Messaging

/// Judges an original once: `media.ingested` with the plan for a good one (and `transcode.requested` where that is part of it), `step.failed` of the step `ingest` for a bad one.
struct IngestHandler: Handler {
    /// Duplicates of `media.uploaded` are dropped for so long; later ones do no harm, they only cost work.
    static let memory: Duration = .seconds(86_400)

    let check: OriginalCheck
    let catalog: Catalog

    /// What is noted of an answer.
    private enum Note: String {
        case ingested
        case refused = "ingest.failed"
        /// The original could not be checked. Whoever asks again may have more luck.
        case abandoned = "ingest.abandoned"
    }

    func handle(_ incoming: Incoming<MediaUploaded>) async throws -> Commit {
        guard let version = try await openVersion(incoming) else { return .nothing }
        switch try await check.run(incoming.event, attempt: incoming.attempt) {
        case .accepted(let ingested):
            return try answer(incoming, try envelope(incoming, ingested, "ingested").outputs, .ingested, over: version)
        case .refused(let error): return try refuse(incoming, error, .refused, over: version)
        }
    }

    func abandon(_ incoming: Incoming<MediaUploaded>, because failure: Failure) async throws -> Commit {
        guard let version = try await openVersion(incoming) else { return .nothing }
        let unknown = MediaError(.processingFailed, "The original could not be checked.", step: .ingest)
        return try refuse(incoming, failure.mediaError ?? unknown, .abandoned, over: version)
    }

    /// The version of the note that an answer may replace; nil when there is nothing more to answer.
    private func openVersion(_ incoming: Incoming<MediaUploaded>) async throws -> Int? {
        guard let (note, version) = try await catalog.ingestNote(incoming.event.mediaId) else { return 0 }
        return note == Note.abandoned.rawValue ? version : nil
    }

    private func refuse(
        _ incoming: Incoming<MediaUploaded>, _ error: MediaError, _ note: Note, over version: Int
    ) throws -> Commit {
        let event = incoming.event
        let failed = StepFailed(mediaId: event.mediaId, projectId: event.projectId, step: .ingest, error: error)
        return try answer(incoming, [try Output(envelope(incoming, failed, "ingest.failed"))], note, over: version)
    }

    private func envelope<Body: Event>(_ incoming: Incoming<MediaUploaded>, _ event: Body, _ idSuffix: String) -> Envelope<Body> {
        Envelope(
            event, id: "\(event.mediaId).\(idSuffix)", source: Group.ingestListener.rawValue, trace: incoming.trace)
    }

    /// The answer and the note that it was given, together. When a duplicate was faster, the note is a conflict, and this
    /// handler runs again and finds it.
    private func answer(
        _ incoming: Incoming<MediaUploaded>, _ outputs: [Output], _ note: Note, over version: Int
    ) throws -> Commit {
        let mediaId = incoming.event.mediaId
        let change = StateChange.put(
            key: CatalogKeys.ingested(mediaId), value: note.rawValue, expecting: version, lifetime: Self.memory)
        return Commit(mediaId, changes: [change], outputs: outputs)
    }
}
