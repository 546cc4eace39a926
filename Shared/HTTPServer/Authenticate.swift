package import Access
package import Events
import HTTPTypes
package import Hummingbird

/// Lets only requests with a living API key pass (`Authorization: Bearer mr_…`) and says whose it is.
package struct Authenticate: RouterMiddleware {
    private let keys: KeyRing

    package init(_ keys: KeyRing) { self.keys = keys }

    package func handle(
        _ request: Request, context: MillraceContext, next: (Request, MillraceContext) async throws -> Response
    ) async throws -> Response {
        guard let token = Self.bearerToken(request) else { throw Self.unauthorized("An API key is needed.") }
        guard let key = try await keys.authenticate(token) else { throw Self.unauthorized("The API key is not valid.") }
        var context = context
        context.apiKey = key
        return try await next(request, context)
    }

    /// Exactly one `Authorization` header of the form of RFC 6750, section 2.1.
    private static func bearerToken(_ request: Request) -> String? {
        let values = request.headers[values: .authorization]
        guard values.count == 1, let parts = values.first?.split(separator: " "), parts.count == 2,
            parts[0].lowercased() == "bearer"
        else { return nil }
        return String(parts[1])
    }

    static func unauthorized(_ detail: String) -> Problem {
        Problem(.unauthorized, code: "unauthorized", detail: detail, headers: [.wwwAuthenticate: "Bearer"])
    }
}

extension MillraceContext {
    /// The project that a request names, when its key opens it.
    /// - Throws: 401 without `Authenticate` before; 422 `invalidField` when it is no project id; 403 `forbiddenProject`.
    package func requireProject(_ id: String) throws(Problem) -> ProjectID {
        guard let apiKey else { throw Authenticate.unauthorized("An API key is needed.") }
        guard let project = ProjectID(id) else {
            throw .invalidField("projectId", "projectId must be 1 to 63 of a-z, 0-9 and -, starting with a letter or digit.")
        }
        guard apiKey.allows(id) else {
            throw Problem(.forbidden, code: "forbiddenProject", detail: "The API key does not open this project.")
        }
        return project
    }
}
