import Catalog
import HTTPServer
import HTTPTypes
import Hummingbird
import Messaging
import ObjectStore

/// `DELETE /api/v2/uploads/{mediaId}`: gives up an upload that is not complete, and all that has arrived of it.
struct AbortRoute: Sendable {
    let finder: MediaFinder
    let bus: any Bus
    let store: any ObjectStore

    func handle(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let (record, version) = try await finder.uploading(context)
        try await abort(record, version, context)
        return Response(status: .noContent)
    }

    func abort(_ record: MediaRecord, _ version: Int, _ context: MillraceContext) async throws {
        let transition = TransitionContext(version: version, source: serviceName, trace: context.trace.span)
        // The record first: whoever completes at the same moment wins or loses as a whole, and who sends bytes finds out and
        // removes them.
        guard try await bus.commit(record.deleted(transition)) == .committed else { throw Problem.alreadyUploaded }
        if let session = record.upload { try await store.abortMultipart(record.key, uploadId: session.uploadId) }
        try await store.delete(record.key)
    }
}
