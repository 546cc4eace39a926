import Events
import HTTPServer
import HTTPTypes
import ObjectStore
import Vips

/// Runs `work` and turns its errors into what a client is told.
func served<Answer>(_ media: MediaKeys, _ work: () async throws -> Answer) async throws -> Answer {
    do { return try await work() } catch let error as StoreError {
        throw problem(error, media)
    } catch let error as VipsError {
        throw problem(error)
    } catch is Turns.Full {
        throw Problem.unavailable("Too many images are being made; try again shortly.", retryAfter: 1)
    }
}

private func problem(_ error: StoreError, _ media: MediaKeys) -> any Error {
    switch error.code {
    case .archived: Problem.originalArchived(media)
    case .notFound, .invalidKey: Problem.notFound()
    case .tooLarge: Problem(.unprocessableContent, code: "originalTooLarge", detail: "The original is too large to be shown.")
    case _ where error.isTransient: Problem.unavailable("The object store cannot be reached.")
    default: error
    }
}

private func problem(_ error: VipsError) -> any Error {
    switch error.code {
    case .tooManyPixels: Problem(.unprocessableContent, code: "tooManyPixels", detail: "The image has too many pixels.")
    case .corrupt: Problem(.unprocessableContent, code: "corruptMedia", detail: "The image is damaged or cut off.")
    case .unsupported:
        Problem(.unprocessableContent, code: "unsupportedMediaType", detail: "The original is not an image that can be shown.")
    case .other: error
    }
}
