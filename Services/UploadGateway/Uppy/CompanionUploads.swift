import Access
import Catalog
import Events
import HTTPServer
import Hummingbird

/// Finds the upload that a companion request names by key and upload id. The id is the media's: the store's own is forgotten with the
/// upload, and whose a request is must be told afterwards as well.
struct CompanionUploads: Sendable {
    let finder: MediaFinder

    /// - Throws: 403 `forbiddenUpload` for every key and upload id but those that were given out together, in a project that the caller
    ///   may use.
    func media(_ request: Request, _ context: MillraceContext) async throws -> MediaID {
        let key = try QueryParameters(request).require("key")
        let uploadId = try context.pathParameter("uploadId")
        guard let (keys, place) = MediaKeys.parse(key), place == .original, uploadId == keys.mediaId.rawValue,
            let (entry, _) = try await finder.catalog.entry(keys.mediaId), entry.projectId == keys.projectId,
            context.apiKey?.allows(keys.projectId.rawValue) == true
        else { throw Problem.forbiddenUpload }
        if case .inFlight(let record) = entry, record.key != key { throw Problem.forbiddenUpload }
        return keys.mediaId
    }

    /// The same, while it can still be added to.
    /// - Throws: also 409 `alreadyUploaded` or `uploadExpired`.
    func uploading(_ request: Request, _ context: MillraceContext) async throws -> (record: MediaRecord, version: Int) {
        let id = try await media(request, context)
        let (entry, version) = try await finder.named(id, context)
        guard case .inFlight(let record) = entry, record.status == .uploading, record.outcome == nil else {
            throw try await finder.hasArrived(entry) ? Problem.alreadyUploaded : Problem.uploadExpired
        }
        return (record, version)
    }
}

extension Problem {
    static let forbiddenUpload = Problem(
        .forbidden, code: "forbiddenUpload", detail: "The key and the upload id do not belong to an upload of yours.")
}
