import HTTPServer
import HTTPTypes
import Hummingbird

/// Demands the protocol's version of every request but OPTIONS, and names it in every answer, errors among them.
struct TusHeaders: RouterMiddleware {
    func handle(
        _ request: Request, context: MillraceContext, next: (Request, MillraceContext) async throws -> Response
    ) async throws -> Response {
        let version: HTTPFields = [.tusResumable: TusProtocol.version, .cacheControl: "no-store"]
        do {
            guard request.method == .options || request.headers[.tusResumable] == TusProtocol.version else {
                throw Problem.tusVersion
            }
            var response = try await next(request, context)
            for field in version { response.headers[field.name] = field.value }
            return response
        } catch let problem as Problem {
            throw problem.adding(version)
        }
    }
}
