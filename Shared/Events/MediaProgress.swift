/// For live listeners: a step of a media moved. It goes to the feed only, beside `media.status`.
package struct MediaProgress: Event {
    package static let name = "media.progress"
    package static let stream = Stream.feed

    package enum State: String, Codable, Sendable { case running, completed, failed }

    package let mediaId: MediaID
    package let projectId: ProjectID
    package let step: Step
    package let state: State
    /// Finished share of the plan, from 0 to 1.
    package let progress: Double
    /// How long the step worked, once it is completed.
    package let durationMs: Int?

    package init(mediaId: MediaID, projectId: ProjectID, step: Step, state: State, progress: Double, durationMs: Int? = nil) {
        self.mediaId = mediaId
        self.projectId = projectId
        self.step = step
        self.state = state
        self.progress = progress
        self.durationMs = durationMs
    }
}
