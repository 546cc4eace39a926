import Catalog
import Events
import FoundationEssentials
import HTTPServer
import HTTPTypes
import Hummingbird
import NIOCore
import ObjectStore

/// `PUT /files/{key}?…signature=…`: the server side of the file store's presigned URLs. Bytes go straight to disk.
struct ReceiveRoute: Sendable {
    /// A query parameter for clients who say nothing more once the bytes are there: the upload is complete with them.
    static let completing = "complete"

    let store: FileStore
    let givenUp: GivenUpUploads
    let completion: UploadCompletion

    func handle(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let upload = try verify(request)
        try await givenUp.refuse(upload.key)
        try await context.askForBody(of: request)
        let etag = try await store.receive(upload, body: request.body).etag
        try await givenUp.removeLate(upload.key)
        if upload.operation == .put, try QueryParameters(request)[Self.completing] != nil {
            try await complete(upload.key, context)
        }
        return Response(status: .ok, headers: [.eTag: EntityTag.header(etag)])
    }

    /// Whoever has the URL may do so: it is good for this one object.
    private func complete(_ key: String, _ context: MillraceContext) async throws {
        guard let id = MediaKeys.parse(key)?.keys.mediaId else { return }
        _ = try await completion.complete(trace: context.trace) {
            guard let found = try await completion.finder.catalog.entry(id) else { throw Problem.mediaNotFound }
            return found
        }
    }

    private func verify(_ request: Request) throws -> VerifiedUpload {
        let key = try request.path(after: "/files/")
        let query = try QueryParameters(request).items.map { ($0.name, $0.value) }
        return try store.verify(
            method: request.method.rawValue, key: key, query: query, contentType: request.headers[.contentType],
            contentLength: request.headers[.contentLength].flatMap { Int64($0) }, now: Date())
    }
}

extension Problem {
    static func from(_ error: PresignError) -> Problem {
        let status: HTTPResponse.Status =
            switch error.code {
            case .malformed, .badSignature, .expired: .forbidden
            case .lengthRequired: .lengthRequired
            case .wrongSize: .unprocessableContent
            case .wrongType: .unsupportedMediaType
            }
        let detail = error.description
        return Problem(status, code: code(error.code), detail: detail.prefix(1).uppercased() + detail.dropFirst() + ".")
    }

    private static func code(_ code: PresignError.Code) -> String {
        switch code {
        case .malformed, .badSignature: "invalidSignature"
        case .expired: "urlExpired"
        case .lengthRequired: "lengthRequired"
        case .wrongSize: "sizeMismatch"
        case .wrongType: "wrongContentType"
        }
    }
}
