import Events
import ImageSteps
import Messaging
import Steps

/// Finds out what can be known of a media.
struct MetadataStep: StepWork {
    static let step = Step.metadata
    static let group = Group.metadata
    static let lament = "The metadata could not be read."

    let originals: Originals
    let films: FilmInspection

    func run(_ incoming: Incoming<MediaIngested>) async throws -> StepOutcome {
        let findings =
            switch incoming.event.kind {
            case .image: try await picture(incoming.event)
            case .video, .audio: try await films.run(incoming.event)
            }
        return StepOutcome(.metadata(findings.result), warnings: findings.warnings)
    }

    private func picture(_ event: MediaIngested) async throws -> Findings {
        let inspection = Inspection(limits: originals.settings.limits)
        return try await originals.work(on: event) { try inspection.run($0, loader: $1) }
    }
}
