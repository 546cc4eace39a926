import Events
import Messaging
import ObjectStore
import Vips

/// Runs `work` and says of its errors whether trying again can help, and whether the media is to blame.
func judged<Answer>(_ work: () async throws -> Answer) async throws -> Answer {
    do { return try await work() } catch let error as StoreError {
        throw judge(error)
    } catch let error as VipsError {
        throw judge(error)
    }
}

private func judge(_ error: StoreError) -> Failure {
    switch error.code {
    case .notFound: .permanent(MediaError(.originalMissing, "The original is not in the store."))
    case .tooLarge: .permanent(MediaError(.processingFailed, "The original is too large to be read."))
    case _ where error.isTransient: .transient("\(error)")
    default: .permanent("\(error)")
    }
}

private func judge(_ error: VipsError) -> Failure {
    switch error.code {
    case .tooManyPixels: .permanent(MediaError(.tooManyPixels, "The image has more pixels or frames than are allowed."))
    case .corrupt: .permanent(MediaError(.corruptMedia, "The image is damaged or cut off."))
    case .unsupported: .permanent(MediaError(.unsupportedMediaType, "The image uses a feature that is not supported."))
    case .other: .transient("\(error)")
    }
}
