/// A step of the plan is done; its derived objects are in the store.
package struct StepCompleted: Event {
    package static let name = "step.completed"
    package static let stream = Stream.steps

    package let mediaId: MediaID
    package let projectId: ProjectID
    package let step: Step
    package let result: StepResult
    package let warnings: [MediaWarning]
    /// How long the handler worked, in milliseconds, without its time in the queue.
    package let durationMs: Int

    package init(
        mediaId: MediaID, projectId: ProjectID, step: Step, result: StepResult, warnings: [MediaWarning] = [], durationMs: Int
    ) {
        self.mediaId = mediaId
        self.projectId = projectId
        self.step = step
        self.result = result
        self.warnings = warnings
        self.durationMs = durationMs
    }
}

/// What a step found or made; a case for each step that has a result.
package enum StepResult: Codable, Hashable, Sendable {
    case metadata(MetadataResult)
    case variants(VariantsResult)
    case transcode(TranscodeResult)

    private enum CodingKeys: String, CodingKey { case metadata, variants, transcode }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let metadata = try container.decodeIfPresent(MetadataResult.self, forKey: .metadata) {
            self = .metadata(metadata)
        } else if let variants = try container.decodeIfPresent(VariantsResult.self, forKey: .variants) {
            self = .variants(variants)
        } else {
            self = .transcode(try container.decode(TranscodeResult.self, forKey: .transcode))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .metadata(let result): try container.encode(result, forKey: .metadata)
        case .variants(let result): try container.encode(result, forKey: .variants)
        case .transcode(let result): try container.encode(result, forKey: .transcode)
        }
    }
}

/// A long step tells how far it is, and that it lives: at least once a minute, never more than once a second for one media.
package struct StepProgress: Event {
    package static let name = "step.progress"
    package static let stream = Stream.steps

    package let mediaId: MediaID
    package let projectId: ProjectID
    package let step: Step
    /// From 0 to 1. A step that begins anew begins at 0.
    package let progress: Double
    /// What can be used already, though the step is not done.
    package let result: StepResult?

    package init(mediaId: MediaID, projectId: ProjectID, step: Step, progress: Double, result: StepResult? = nil) {
        self.mediaId = mediaId
        self.projectId = projectId
        self.step = step
        self.progress = progress
        self.result = result
    }
}

/// A step has given up. `ingest` here means that the original itself was refused.
package struct StepFailed: Event {
    package static let name = "step.failed"
    package static let stream = Stream.steps

    package let mediaId: MediaID
    package let projectId: ProjectID
    package let step: Step
    package let error: MediaError

    package init(mediaId: MediaID, projectId: ProjectID, step: Step, error: MediaError) {
        self.mediaId = mediaId
        self.projectId = projectId
        self.step = step
        self.error = error
    }
}
