import Catalog
import FoundationEssentials
import ObjectStore

/// Makes the URLs that lead to an upload's place in the store.
struct UploadURLs: Sendable {
    let store: any ObjectStore

    /// The whole answer to a presign request for one file.
    func presign(_ upload: Upload, until expiry: Date) async throws -> PresignedUpload {
        var answer = PresignedUpload(
            mediaId: upload.mediaId, projectId: upload.projectId, key: upload.key, expiresAt: expiry)
        if let session = upload.session, let layout = upload.layout {
            let parts = try await parts(Array(1...layout.count), of: upload, until: expiry)
            answer.multipart = PresignedParts(uploadId: session.uploadId, partSize: session.partSize, parts: parts)
        } else {
            let signed = try await whole(upload, until: expiry)
            answer.method = signed.method
            answer.url = signed.url
            answer.headers = signed.headers
        }
        return answer
    }

    /// For an upload in one piece.
    func whole(_ upload: Upload, until expiry: Date) async throws -> PresignedRequest {
        try await store.presign(request(.put, upload, size: upload.size, until: expiry))
    }

    /// For parts of an upload; none where it does not come in parts.
    func parts(_ numbers: [Int], of upload: Upload, until expiry: Date) async throws -> [PresignedPart] {
        guard let session = upload.session, let layout = upload.layout else { return [] }
        var parts: [PresignedPart] = []
        for number in numbers {
            let size = layout.size(of: number)
            let operation = PresignRequest.Operation.putPart(uploadId: session.uploadId, number: number)
            let signed = try await store.presign(request(operation, upload, size: size, until: expiry))
            parts.append(PresignedPart(number: number, url: signed.url, size: size))
        }
        return parts
    }

    private func request(
        _ operation: PresignRequest.Operation, _ upload: Upload, size: Int64, until expiry: Date
    ) -> PresignRequest {
        PresignRequest(
            operation, key: upload.key, size: size, contentType: upload.contentType,
            lifetime: .seconds(max(1, expiry.timeIntervalSinceNow)))
    }
}
