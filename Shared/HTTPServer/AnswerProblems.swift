import Events
import Hummingbird
import Logging
import Messaging
import NIOCore
import NIOHTTP1

/// Turns every error into a problem, and lets log lines carry the media that the path names.
struct AnswerProblems: RouterMiddleware {
    let translation: ErrorTranslation

    func handle(
        _ request: Request, context: MillraceContext, next: (Request, MillraceContext) async throws -> Response
    ) async throws -> Response {
        let media = context.parameters.get("mediaId").flatMap { MediaID($0) }
        let logContext = LogContext(mediaId: media?.rawValue, traceparent: context.trace.span.rawValue)
        return try await LogContext.$current.withValue(logContext) {
            do { return try await next(request, context) } catch {
                return try problem(for: error, context).response(requestId: context.requestId)
            }
        }
    }

    private func problem(for error: any Error, _ context: MillraceContext) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as HTTPError: return .from(error)
        case is NIOTooManyBytesError: return .payloadTooLarge()
        case is HTTPParserError, is IOError, is ChannelError: return .brokenRequest
        case is CancellationError: return .stopping
        default: break
        }
        if let problem = translation(error) {
            context.logger.warning("cannot answer for now", metadata: ["error": "\(error)"])
            return problem
        }
        context.logger.error("request failed", metadata: ["error": "\(error)"])
        return .internalError
    }
}
