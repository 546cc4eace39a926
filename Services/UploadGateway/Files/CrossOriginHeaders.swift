import HTTPServer
import HTTPTypes
import Hummingbird

/// Adds the headers of `CrossOrigin` to every answer, errors among them, so that pages can read why they were refused.
struct CrossOriginHeaders: RouterMiddleware {
    let rules: CrossOrigin

    func handle(
        _ request: Request, context: MillraceContext, next: (Request, MillraceContext) async throws -> Response
    ) async throws -> Response {
        let headers = rules.headers(for: request.headers[.origin])
        do {
            var response = try await next(request, context)
            for field in headers { response.headers[field.name] = field.value }
            return response
        } catch let problem as Problem {
            throw problem.adding(headers)
        }
    }
}

extension Problem {
    func adding(_ more: HTTPFields) -> Problem {
        var headers = headers
        for field in more { headers[field.name] = field.value }
        return Problem(status, code: code, detail: detail, headers: headers, extra: extra)
    }
}
