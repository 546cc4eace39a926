package import Hummingbird

/// What an error of another room means to a client; nil leaves it a 500.
package typealias ErrorTranslation = @Sendable (any Error) -> Problem?

/// The router of a service. Whatever is thrown behind it leaves the server as a `Problem`.
///
/// Request ids, traces, metrics, access logs, 405 and HEAD are `HTTPService`'s work, around the router.
package func makeRouter(translating translation: @escaping ErrorTranslation = { _ in nil }) -> Router<MillraceContext> {
    let router = Router(context: MillraceContext.self, options: [.autoGenerateHeadEndpoints])
    router.add(middleware: AnswerProblems(translation: translation))
    return router
}
