import Events
import FoundationEssentials
import HTTPTypes
package import Hummingbird
import NIOCore

/// Reads a request's JSON body, at most `limit` bytes of it.
/// - Throws: `Problem`: 415 `unsupportedContentType`, 413 `payloadTooLarge`, 400 `malformedJSON`, 422 `invalidField`.
package func jsonBody<Value: Decodable>(_ type: Value.Type, _ request: Request, limit: Int = 1 << 20) async throws -> Value {
    try requireJSON(request)
    let bytes = try await body(of: request, limit: limit)
    do { return try EventCoding.decode(type, from: bytes) } catch let error as DecodingError {
        throw Problem.from(error, isWellFormed: (try? EventCoding.decode(Anything.self, from: bytes)) != nil)
    }
}

/// Answers with a value in JSON, written as events are: stable key order, RFC 3339 dates.
package func jsonResponse(
    _ value: some Encodable, _ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
) throws -> Response {
    var headers = headers
    headers[.contentType] = "application/json"
    let body = try EventCoding.encode(value)
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
}

/// Decodes from every JSON document.
private struct Anything: Decodable { init(from decoder: any Decoder) {} }

private func requireJSON(_ request: Request) throws(Problem) {
    let mediaType = (request.headers[.contentType] ?? "").split(separator: ";").first ?? ""
    let name = mediaType.filter { !$0.isWhitespace }.lowercased()
    guard name == "application/json" || (name.hasPrefix("application/") && name.hasSuffix("+json")) else {
        throw Problem(
            .unsupportedMediaType, code: "unsupportedContentType", detail: "The Content-Type must be application/json.")
    }
}

private func body(of request: Request, limit: Int) async throws -> Data {
    if let declared = request.headers[.contentLength].flatMap({ Int($0) }), declared > limit {
        throw Problem.payloadTooLarge(limit: limit)
    }
    do { return Data(try await request.body.collect(upTo: limit).readableBytesView) } catch is NIOTooManyBytesError {
        throw Problem.payloadTooLarge(limit: limit)
    }
}
