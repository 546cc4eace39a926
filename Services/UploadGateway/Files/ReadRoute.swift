import HTTPServer
import HTTPTypes
import Hummingbird
import NIOCore
import ObjectStore

/// `GET` and `HEAD /files/{key}`: conditions, one range, and bytes as they are read.
struct ReadRoute: Sendable {
    let store: any ObjectStore
    let accel: Accel?
    let redirect: Redirect?

    func handle(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let file = try ReadableFile(request, context)
        guard let info = try await store.head(file.key) else { throw Problem.notFound() }
        let headers = file.headers(info)
        let conditions = Preconditions(request.headers)
        if conditions.isFresh(etag: info.etag, modifiedAt: info.modifiedAt) {
            return Response(status: .notModified, headers: headers)
        }
        guard info.state.isReadable else { throw Problem.archived(file.key, info.state) }
        if let redirect, !file.isEntrance { return try await redirect.response(request, file.key, headers) }
        if let accel { return try accel.response(file.key, headers) }
        return try await answer(request, info, headers, conditions)
    }

    private func answer(
        _ request: Request, _ info: ObjectInfo, _ headers: HTTPFields, _ conditions: Preconditions
    ) async throws -> Response {
        let asked = conditions.allowsRange(etag: info.etag, modifiedAt: info.modifiedAt) ? request.headers[.range] : nil
        guard request.method == .get, let range = asked.flatMap(ByteRange.parse) else {
            return try await body(of: info, nil, request, .ok, headers)
        }
        guard let selected = range.resolve(size: info.size) else { throw Problem.rangeNotSatisfiable(info.size) }
        var headers = headers
        headers[.contentRange] = "bytes \(selected.lowerBound)-\(selected.upperBound - 1)/\(info.size)"
        return try await body(of: info, range, request, .partialContent, headers)
    }

    private func body(
        of info: ObjectInfo, _ range: ByteRange?, _ request: Request, _ status: HTTPResponse.Status, _ headers: HTTPFields
    ) async throws -> Response {
        guard request.method == .get else {
            return Response(status: status, headers: headers, body: .promised(Int(info.size)))
        }
        let content: ObjectContent
        do { content = try await store.read(info.key, range: range) } catch  where error.code == .archived {
            throw Problem.archived(info.key, .archived)
        }
        guard content.info.etag == info.etag else { throw Problem.unavailable("The object is being replaced.") }
        return Response(status: status, headers: headers, body: .streaming(content))
    }
}

extension ResponseBody {
    /// Pulls chunk by chunk, as fast as the reader takes them. An object that ends early breaks the connection instead of
    /// passing for whole.
    fileprivate static func streaming(_ content: ObjectContent) -> ResponseBody {
        ResponseBody(contentLength: content.range.count) { writer in
            var rest = content.range.count
            for try await chunk in content.chunks {
                rest -= chunk.readableBytes
                try await writer.write(chunk)
            }
            guard rest == 0 else { throw StoreError(.unavailable, "the object ended \(rest) bytes early") }
            try await writer.finish(nil)
        }
    }

    /// What `HEAD` tells of a body that it does not send.
    fileprivate static func promised(_ length: Int) -> ResponseBody {
        ResponseBody(contentLength: length) { writer in try await writer.finish(nil) }
    }
}
