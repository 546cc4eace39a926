import Events
import HTTPTypes
package import Hummingbird
import NIOCore

/// An error as a client sees it: `application/problem+json` with a stable `code` and the request's id.
///
/// Source: RFC 9457. `type` stays `about:blank`, so `title` is the status' own phrase; programs decide by `code`.
package struct Problem: Error, HTTPResponseError {
    package let status: HTTPResponse.Status
    /// In camelCase, part of the API: it never changes its meaning.
    package let code: String
    /// One sentence for people; it never holds secrets or paths of the host.
    package let detail: String
    package let headers: HTTPFields
    /// Further members, for example `field` or `limit`.
    package let extra: [String: any Encodable & Sendable]

    package init(
        _ status: HTTPResponse.Status, code: String, detail: String, headers: HTTPFields = [:],
        extra: [String: any Encodable & Sendable] = [:]
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers
        self.extra = extra
    }

    package func response(from request: Request, context: some RequestContext) throws -> Response {
        try response(requestId: (context as? MillraceContext)?.requestId ?? "")
    }

    func response(requestId: String) throws -> Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: try json(requestId: requestId)))
    }

    func json(requestId: String) throws -> ByteBuffer {
        ByteBuffer(bytes: try EventCoding.encode(ProblemBody(problem: self, requestId: requestId)))
    }
}

/// The members of a problem, in one flat object.
private struct ProblemBody: Encodable {
    let problem: Problem
    let requestId: String

    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: MemberName.self)
        for (name, value) in problem.extra { try members.encode(value, forKey: MemberName(stringValue: name)) }
        try members.encode("about:blank", forKey: MemberName(stringValue: "type"))
        try members.encode(problem.status.reasonPhrase, forKey: MemberName(stringValue: "title"))
        try members.encode(problem.status.code, forKey: MemberName(stringValue: "status"))
        try members.encode(problem.code, forKey: MemberName(stringValue: "code"))
        try members.encode(problem.detail, forKey: MemberName(stringValue: "detail"))
        try members.encode(requestId, forKey: MemberName(stringValue: "requestId"))
    }
}

private struct MemberName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
