import Access
import HTTPServer
import HTTPTypes
import Hummingbird

/// Lets requests without credentials through as nobody; wrong credentials are refused as everywhere.
struct AuthenticateIfAsked: RouterMiddleware {
    private let authenticate: Authenticate

    init(_ keys: KeyRing) { authenticate = Authenticate(keys) }

    func handle(
        _ request: Request, context: MillraceContext, next: (Request, MillraceContext) async throws -> Response
    ) async throws -> Response {
        guard request.headers[.authorization] != nil else { return try await next(request, context) }
        return try await authenticate.handle(request, context: context, next: next)
    }
}
