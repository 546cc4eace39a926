import Catalog
import Events
import HTTPServer
import ObjectStore

/// What follows the last byte.
struct TusCompletion: Sendable {
    let store: any ObjectStore
    let completion: UploadCompletion
    let partials: TusPartials

    /// Safe to repeat.
    func complete(_ upload: TusUpload, _ trace: RequestTrace) async throws {
        if upload.isPartial {
            try await completion.assembly.assemble(upload.upload, nil)
        } else {
            _ = try await completion.complete(trace: trace) {
                guard let found = try await completion.finder.catalog.entry(upload.id) else { throw Problem.mediaNotFound }
                return found
            }
        }
        try await TusTails(store: store).remove(upload.id)
    }
}
