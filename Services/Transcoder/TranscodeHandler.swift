import Events
import Messaging
import Steps

/// Answers `transcode.requested`, which says the same as `media.ingested`.
struct TranscodeHandler: Handler {
    private let steps: StepHandler<TranscodeStep>

    init(_ step: TranscodeStep) { steps = StepHandler(step) }

    func handle(_ incoming: Incoming<TranscodeRequested>) async throws -> Commit {
        try await steps.handle(Self.ingested(incoming))
    }

    func abandon(_ incoming: Incoming<TranscodeRequested>, because failure: Failure) async throws -> Commit {
        try await steps.abandon(Self.ingested(incoming), because: failure)
    }

    private static func ingested(_ incoming: Incoming<TranscodeRequested>) -> Incoming<MediaIngested> {
        let request = incoming.envelope
        let envelope = Envelope(
            request.data.media, id: request.id, source: request.source, time: request.time, trace: incoming.trace)
        return Incoming(envelope: envelope, attempt: incoming.attempt)
    }
}
