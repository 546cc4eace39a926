import Events
package import Messaging
package import ObjectStore

extension Failure {
    /// Whether trying again can help where the store did not do what a step asked, and whether the media is to blame.
    package init(judging error: StoreError) {
        self =
            switch error.code {
            case .notFound: .permanent(MediaError(.originalMissing, "The original is not in the store."))
            case .tooLarge: .permanent(MediaError(.processingFailed, "The original is too large to be read."))
            case .archived: .permanent(MediaError(.originalArchived, "The original is in cold storage; restore it first."))
            case .full: .transient("\(error)", .fullDisk)
            case _ where error.isTransient: .transient("\(error)")
            default: .permanent("\(error)")
            }
    }
}
