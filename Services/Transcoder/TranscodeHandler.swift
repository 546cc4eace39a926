import Events
import Messaging
import Steps

/// Answers `transcode.requested`, which says the same as `media.ingested`.
struct TranscodeHandler: Handler {
    private let steps: StepHandler<TranscodeStep>

    init(_ step: TranscodeStep) { steps = StepHandler(step) }

    func handle(_ incoming: Incoming<TranscodeRequested>) async throws -> Commit {
        try await steps.handle(incoming.map(\.media))
    }

    func abandon(_ incoming: Incoming<TranscodeRequested>, because failure: Failure) async throws -> Commit {
        try await steps.abandon(incoming.map(\.media), because: failure)
    }

    func postpone(_ incoming: Incoming<TranscodeRequested>) throws -> Commit {
        try steps.postpone(incoming.map(\.media))
    }
}
