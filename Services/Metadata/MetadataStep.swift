import Events
import ImageSteps
import Messaging
import Steps

/// Finds out what can be known of an image.
struct MetadataStep: StepWork {
    static let step = Step.metadata
    static let group = Group.metadata
    static let lament = "The metadata could not be read."

    let originals: Originals

    func run(_ incoming: Incoming<MediaIngested>) async throws -> StepOutcome {
        let inspection = Inspection(limits: originals.settings.limits)
        let findings = try await originals.work(on: incoming.event) { try inspection.run($0, loader: $1) }
        return StepOutcome(.metadata(findings.result), warnings: findings.warnings)
    }
}
