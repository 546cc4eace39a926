import HTTPServer
import HTTPTypes
import Hummingbird

/// Lets pages of other origins use `/files`: upload straight to a presigned URL and show derived images.
///
/// Credentials (cookies) are never allowed; Millrace has none. Source: the Fetch standard, section 3.2.
struct CrossOrigin: Sendable {
    /// `*` allows every origin.
    let origins: [String]

    /// What an answer to `origin` carries. It does not depend on the origin where all are allowed, so that caches may keep it.
    func headers(for origin: String?) -> HTTPFields {
        if origins.isEmpty { return [:] }
        var headers: HTTPFields = [.accessControlExposeHeaders: "ETag, Content-Range, Accept-Ranges, X-Request-Id"]
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
            headers[.accessControlAllowMethods] = "GET, HEAD, PUT"
            headers[.accessControlAllowHeaders] = "Authorization, Content-Type, If-None-Match, Range"
            headers[.accessControlMaxAge] = "86400"
        }
        return Response(status: .noContent, headers: headers)
    }
}
