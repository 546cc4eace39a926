import Catalog
import FoundationEssentials
import ObjectStore

/// Makes the URLs that lead to an upload's place in the store, and says when they end: never later than asked, and earlier where the
/// credentials that sign them do.
struct UploadURLs: Sendable {
    let store: any ObjectStore

    /// The whole answer to a presign request for one file.
    func presign(_ upload: Upload, until expiry: Date) async throws -> PresignedUpload {
        var answer = PresignedUpload(
            mediaId: upload.mediaId, projectId: upload.projectId, key: upload.key, expiresAt: expiry)
        if let session = upload.session, let layout = upload.layout {
            let signed = try await parts(Array(1...layout.count), of: upload, until: expiry)
            answer.expiresAt = signed.expiresAt
            answer.multipart = PresignedParts(uploadId: session.uploadId, partSize: session.partSize, parts: signed.parts)
        } else {
            let signed = try await whole(upload, until: expiry)
            answer.expiresAt = signed.expiresAt
            answer.method = signed.method
            answer.url = signed.url
            answer.headers = signed.headers
        }
        return answer
    }

    /// For an upload in one piece.
    func whole(_ upload: Upload, until expiry: Date) async throws -> PresignedRequest {
        let signed = try await store.presign(request(.put, upload, size: upload.size, until: expiry))
        return PresignedRequest(
            method: signed.method, url: signed.url, headers: signed.headers, expiresAt: min(expiry, signed.expiresAt))
    }

    /// For parts of an upload; none where it does not come in parts.
    func parts(_ numbers: [Int], of upload: Upload, until expiry: Date) async throws -> SignedParts {
        var signedParts = SignedParts(parts: [], expiresAt: expiry)
        guard let session = upload.session, let layout = upload.layout else { return signedParts }
        for number in numbers {
            let size = layout.size(of: number)
            let operation = PresignRequest.Operation.putPart(uploadId: session.uploadId, number: number)
            let signed = try await store.presign(request(operation, upload, size: size, until: expiry))
            signedParts.parts.append(PresignedPart(number: number, url: signed.url, size: size))
            signedParts.expiresAt = min(signedParts.expiresAt, signed.expiresAt)
        }
        return signedParts
    }

    private func request(
        _ operation: PresignRequest.Operation, _ upload: Upload, size: Int64, until expiry: Date
    ) -> PresignRequest {
        PresignRequest(
            operation, key: upload.key, size: size, contentType: upload.contentType,
            lifetime: .seconds(max(1, expiry.timeIntervalSinceNow)))
    }
}

/// Where parts go, and until when all of these URLs work.
struct SignedParts: Sendable {
    var parts: [PresignedPart]
    var expiresAt: Date
}
