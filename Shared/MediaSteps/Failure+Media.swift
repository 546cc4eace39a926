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
            case .io: .transient("\(error)")
            case .full: .transient("\(error)", .fullDisk)
            // The same work would end the same way; an operator may have it tried again with another release.
            case .other: .permanent("\(error)")
            }
    }

    /// The same where a worker did not come to an answer. One that broke down would do so again.
    package init(judging error: WorkerError) {
        self =
            switch error.code {
            case .crashed: .permanent(MediaError(.processingFailed, "The file made its reader fail."))
            case .outOfTime: .permanent(MediaError(.stepTimedOut, "The work took longer than is allowed."))
            case .killed, .notStarted, .failed: .transient("\(error)")
            }
    }
}
