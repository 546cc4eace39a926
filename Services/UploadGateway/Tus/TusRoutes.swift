import Catalog
import Events
import FoundationEssentials
import HTTPServer
import HTTPTypes
import Hummingbird
import Messaging
import ObjectStore

/// tus 1.0 at one upload's address.
struct TusRoutes: Sendable {
    let finder: TusFinder
    let receiver: TusReceiver
    let bus: any Bus
    let store: any ObjectStore
    let maxSize: Int64

    /// `OPTIONS`: what this server can do.
    func options(_ request: Request, _ origins: CrossOrigin) -> Response {
        var response = origins.preflight(request)
        response.headers[.tusVersion] = TusProtocol.version
        response.headers[.tusExtension] = TusProtocol.extensions
        response.headers[.tusMaxSize] = "\(maxSize)"
        response.headers[.tusChecksumAlgorithm] = TusChecksum.algorithms
        return response
    }

    /// `HEAD`: how far the upload is. A client that hears that all is there sends nothing more, so it hears so only once the upload is
    /// complete.
    func head(_ request: Request, _ context: MillraceContext) async throws -> Response {
        switch try await finder.find(context) {
        case .arrived(let size, let isPartial):
            var headers: HTTPFields = [.uploadOffset: "\(size)", .uploadLength: "\(size)"]
            if isPartial { headers[.uploadConcat] = "partial" }
            return Response(status: .ok, headers: headers)
        case .uploading(let upload):
            let position = try await TusPosition.of(upload.upload, store)
            if position.offset == upload.size { try await receiver.complete(upload, at: position, context) }
            return Response(status: .ok, headers: headers(upload, position.offset))
        }
    }

    /// `PATCH`: the next chunk.
    func patch(_ request: Request, _ context: MillraceContext) async throws -> Response {
        guard request.headers[.contentType] == TusProtocol.chunkType else {
            throw Problem(
                .unsupportedMediaType, code: "unsupportedContentType",
                detail: "The Content-Type must be \(TusProtocol.chunkType).")
        }
        guard let offset = request.headers[.uploadOffset].flatMap(TusCreation.number) else {
            throw Problem.tusHeader(.uploadOffset, "must be the number of bytes that are there")
        }
        guard case .uploading(let upload) = try await finder.find(context) else { throw Problem.alreadyUploaded }
        let end = try await receiver.receive(request, for: upload, at: offset, context)
        return Response(
            status: .noContent,
            headers: [.uploadOffset: "\(end)", .uploadExpires: HTTPDate.string(from: upload.expiresAt)])
    }

    /// `DELETE`: gives the upload up, and all that has arrived of it.
    func terminate(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let id = try context.mediaId()
        if let partial = try await finder.partials.find(id) {
            _ = try context.requireProject(partial.upload.projectId.rawValue)
            try await finder.partials.remove(partial)
            return Response(status: .noContent)
        }
        _ = try await finder.finder.named(id, context)
        let response = try await AbortRoute(finder: finder.finder, bus: bus, store: store).handle(request, context)
        try await TusTails(store: store).remove(id)
        return response
    }

    private func headers(_ upload: TusUpload, _ offset: Int64) -> HTTPFields {
        var headers: HTTPFields = [
            .uploadOffset: "\(offset)", .uploadLength: "\(upload.size)", .uploadExpires: HTTPDate.string(from: upload.expiresAt),
        ]
        if upload.isPartial {
            headers[.uploadConcat] = "partial"
        } else {
            headers[.uploadMetadata] = TusMetadata.header(fileName: upload.fileName, contentType: upload.upload.contentType)
        }
        return headers
    }
}
