import HTTPServer
import Hummingbird

/// Gives the errors of other rooms the meaning that they have in this service.
struct ErrorsAsProblems: RouterMiddleware {
    func handle(
        _ request: Request, context: MillraceContext, next: (Request, MillraceContext) async throws -> Response
    ) async throws -> Response {
        do { return try await next(request, context) } catch { throw Problem.translating(error) ?? error }
    }
}
