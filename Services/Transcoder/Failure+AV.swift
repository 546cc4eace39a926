import AV
import Events
import Messaging
import Sandbox

extension Failure {
    /// Whether trying again can help where libav* failed, and whether the media is to blame.
    init(judging error: AVError) {
        self =
            switch error.code {
            case .unreadable, .truncated: .permanent(MediaError(.corruptMedia, "The file is damaged or cut off."))
            case .unsupported:
                .permanent(MediaError(.unsupportedMediaType, "The file uses a codec or a feature that is not supported."))
            case .limit: .permanent(MediaError(.tooManyPixels, "The file has more pixels, streams or minutes than are allowed."))
            case .io: .transient("\(error)")
            // The same work would end the same way; an operator may replay it with another release.
            case .other: .permanent("\(error)")
            }
    }

    /// The same where the process did not come to its end.
    init(judging error: WorkerError) {
        self =
            switch error.code {
            case .crashed: .permanent(MediaError(.corruptMedia, "The file is damaged in a way that cannot be worked around."))
            case .outOfTime: .permanent(MediaError(.processingFailed, "The work took longer than is allowed."))
            case .killed, .notStarted, .failed: .transient("\(error)")
            }
    }
}
