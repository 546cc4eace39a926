import Events
import Messaging
import NIOCore
import NIOPosix
import ObjectStore
import Vips

/// Answers `media.ingested` with what can be known of an image.
struct MetadataHandler: Handler {
    private let store: any ObjectStore
    private let threads: NIOThreadPool
    private let maxBytes: Int
    private let inspection: Inspection

    init(store: any ObjectStore, threads: NIOThreadPool, settings: Settings) {
        self.store = store
        self.threads = threads
        maxBytes = settings.maxBytes
        inspection = Inspection(limits: settings.limits)
    }

    func handle(_ incoming: Incoming<MediaIngested>) async throws -> Commit {
        guard incoming.event.plan.contains(.metadata) else { return .nothing }
        let start = ContinuousClock.now
        do {
            let findings = try await inspect(incoming.event)
            return try answer(incoming, findings, after: ContinuousClock.now - start)
        } catch let failure as Failure where failure.mediaError != nil {
            // The media's own fault is an answer, not a failure of this service.
            return try await abandon(incoming, because: failure)
        }
    }

    func abandon(_ incoming: Incoming<MediaIngested>, because failure: Failure) async throws -> Commit {
        let event = incoming.event
        guard event.plan.contains(.metadata) else { return .nothing }
        var error = failure.mediaError ?? MediaError(.processingFailed, "The metadata could not be read.")
        error.step = .metadata
        return try commit(
            StepFailed(mediaId: event.mediaId, projectId: event.projectId, step: .metadata, error: error), incoming)
    }

    private func inspect(_ event: MediaIngested) async throws -> Findings {
        guard let loader = ImageLoader(rawValue: event.format.rawValue) else {
            throw Failure.permanent(MediaError(.unsupportedMediaType, "This kind of file is not supported."))
        }
        return try await judged {
            let original = try await store.readAll(event.key, limit: maxBytes)
            return try await threads.runIfActive { try inspection.run(original.readableBytesView, loader: loader) }
        }
    }

    private func answer(
        _ incoming: Incoming<MediaIngested>, _ findings: Findings, after duration: Duration
    ) throws -> Commit {
        let event = incoming.event
        let completed = StepCompleted(
            mediaId: event.mediaId, projectId: event.projectId, step: .metadata, result: .metadata(findings.result),
            warnings: findings.warnings, durationMs: Int(duration / .milliseconds(1)))
        return try commit(completed, incoming)
    }

    /// The event's id follows from its cause: a second run answers with the same one.
    private func commit(_ event: some Event, _ incoming: Incoming<MediaIngested>) throws -> Commit {
        let envelope = Envelope(
            event, id: "\(incoming.envelope.id)-metadata", source: Group.metadata.rawValue, trace: incoming.trace.child())
        return Commit(event.mediaId, outputs: [try Output(envelope)])
    }
}
