package import AV
import Events
package import Messaging
package import Sandbox

extension Failure {
    /// Whether trying again can help where a film or a sound was refused, and whether it is to blame.
    package init(judging error: AVError) {
        self =
            switch error.code {
            case .unreadable, .truncated: .permanent(MediaError(.corruptMedia, "The file is damaged or cut off."))
            case .unsupported: .permanent(MediaError(.unsupportedMediaType, "Nothing in the file can be decoded."))
            case .limit:
                .permanent(MediaError(.limitExceeded, "The media is larger, longer or more work than is allowed."))
            case .io, .other: .transient("\(error)")
            }
    }

    /// The same where a worker did not come to an answer. One that broke down would do so again.
    package init(judging error: WorkerError) {
        self =
            switch error.code {
            case .crashed: .permanent(MediaError(.processingFailed, "The file made its reader fail."))
            case .outOfTime: .permanent(MediaError(.limitExceeded, "The media is more work than is allowed."))
            case .killed, .notStarted, .failed: .transient("\(error)")
            }
    }
}
