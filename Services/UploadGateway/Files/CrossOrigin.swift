import HTTPServer
import HTTPTypes
import Hummingbird

/// Lets pages of other origins use what is meant for them: `/files` (upload straight to a presigned URL, show derived images) and the
/// protocols of upload clients.
///
/// Credentials (cookies) are never allowed; Millrace has none. Source: the Fetch standard, section 3.2.
struct CrossOrigin: Sendable {
    /// `*` allows every origin.
    let origins: [String]
    var methods = "GET, HEAD, PUT"
    /// Headers that requests may carry.
    var accepted = "Authorization, Content-Type, If-None-Match, Range"
    /// Headers of answers that pages may read.
    var exposed = "ETag, Content-Range, Accept-Ranges, X-Request-Id"

    /// What an answer to `origin` carries. It does not depend on the origin where all are allowed, so that caches may keep it.
    func headers(for origin: String?) -> HTTPFields {
        if origins.isEmpty { return [:] }
        var headers: HTTPFields = [.accessControlExposeHeaders: exposed]
        if origins.contains("*") {
            headers[.accessControlAllowOrigin] = "*"
        } else {
            headers[.vary] = "Origin"
            headers[.accessControlAllowOrigin] = origin.flatMap { origins.contains($0) ? $0 : nil }
        }
        return headers
    }

    /// The answer to a preflight request.
    func preflight(_ request: Request) -> Response {
        var headers: HTTPFields = [:]
        if origins.contains("*") || request.headers[.origin].map(origins.contains) == true {
            headers[.accessControlAllowMethods] = methods
            headers[.accessControlAllowHeaders] = accepted
            headers[.accessControlMaxAge] = "86400"
        }
        return Response(status: .noContent, headers: headers)
    }
}
