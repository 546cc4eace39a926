import Catalog
import Events
import FoundationEssentials
import HTTPServer
import Hummingbird
import ObjectStore

/// `GET /api/v2/uploads/{mediaId}/parts`: what has arrived, and fresh URLs for the rest, also after the first ones expired.
struct PartsRoute: Sendable {
    let finder: MediaFinder
    let store: any ObjectStore
    let urls: UploadURLs
    let lifetime: Duration

    func handle(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let upload = Upload(try await finder.uploading(context).record)
        var answer = UploadProgress(upload, expiresAt: .expiry(after: lifetime))
        if upload.session != nil { try await addParts(of: upload, &answer) } else { try await addWhole(upload, &answer) }
        return try jsonResponse(answer)
    }

    private func addWhole(_ upload: Upload, _ answer: inout UploadProgress) async throws {
        answer.isComplete = try await store.head(upload.key) != nil
        guard !answer.isComplete else { return }
        let signed = try await urls.whole(upload, until: answer.expiresAt)
        answer.expiresAt = signed.expiresAt
        answer.method = signed.method
        answer.url = signed.url
        answer.headers = signed.headers
    }

    private func addParts(of upload: Upload, _ answer: inout UploadProgress) async throws {
        guard let session = upload.session, let layout = upload.layout else { return }
        let arrived = try await store.parts(of: session.uploadId, key: upload.key)
        let missing = Set(1...layout.count).subtracting(arrived.map(\.number)).sorted()
        let object = try await store.head(upload.key)
        answer.isComplete = missing.isEmpty || object != nil
        answer.uploadId = session.uploadId
        answer.partSize = session.partSize
        answer.received = arrived.map { UploadProgress.Part(number: $0.number, size: $0.size, etag: $0.etag) }
        let signed = try await urls.parts(answer.isComplete ? [] : missing, of: upload, until: answer.expiresAt)
        answer.missing = signed.parts
        answer.expiresAt = signed.expiresAt
    }
}

/// What has arrived of an upload, and where the rest goes.
private struct UploadProgress: Encodable {
    struct Part: Encodable {
        let number: Int
        let size: Int64
        let etag: String
    }

    let mediaId: MediaID
    let projectId: ProjectID
    let key: String
    /// Bytes, as declared.
    let size: Int64
    /// Until when the URLs here work.
    var expiresAt: Date
    /// Everything has arrived; only `complete` is left to do.
    var isComplete = false
    /// For an upload in one piece that has not arrived.
    var method: String?
    var url: String?
    var headers: [String: String]?
    /// For an upload in parts.
    var uploadId: String?
    var partSize: Int64?
    var received: [Part]?
    var missing: [PresignedPart]?

    init(_ upload: Upload, expiresAt: Date) {
        mediaId = upload.mediaId
        projectId = upload.projectId
        key = upload.key
        size = upload.size
        self.expiresAt = expiresAt
    }
}
