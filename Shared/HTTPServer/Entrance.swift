import Events
import HTTPTypes
import Hummingbird
import Logging
import Messaging
import Metrics
import NIOCore

/// Stands in front of the router: identifies the request, answers its id back, measures it and writes the access log.
struct Entrance<Inner: HTTPResponder>: HTTPResponder where Inner.Context == MillraceContext {
    let inner: Inner
    let logger: Logger

    func respond(to request: Request, context: MillraceContext) async throws -> Response {
        let start = ContinuousClock.now
        var context = context
        context.identify(RequestIdentity(request.headers), logger)
        let logContext = LogContext(traceparent: context.trace.rawValue)
        var response = try await LogContext.$current.withValue(logContext) {
            try await inner.respond(to: request, context: context)
        }
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[.requestId] = context.requestId
        let visit = Visit(request: request, status: response.status, context: context, start: start)
        response.body = response.body.counted(in: logContext) { bytes in visit.end(bytes: bytes) }
        return response
    }
}

/// One answered request, to be reported when its last byte is written.
private struct Visit: Sendable {
    let method: String
    let path: String
    let route: String?
    let status: Int
    let logger: Logger
    let start: ContinuousClock.Instant

    init(request: Request, status: HTTPResponse.Status, context: MillraceContext, start: ContinuousClock.Instant) {
        method = request.method.rawValue
        path = String(request.uri.path.prefix(300))
        // Hummingbird calls an unmatched path "NotFound".
        route = context.endpointPath.flatMap { $0 == "NotFound" ? nil : $0 }
        self.status = status.code
        logger = context.logger
        self.start = start
    }

    func end(bytes: Int) {
        let duration = ContinuousClock.now - start
        measure(duration)
        logger.log(
            level: isProbe ? .debug : .info, "request",
            metadata: [
                "method": "\(method)", "path": "\(path)", "status": "\(status)",
                "ms": "\(duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000)",
                "bytes": "\(bytes)",
            ])
    }

    /// By route template, never by path, so that clients cannot invent series.
    private func measure(_ duration: Duration) {
        let place = [("method", route == nil ? "any" : method), ("route", route ?? "none")]
        Counter(label: "millrace_http_requests_total", dimensions: place + [("status", "\(status)")]).increment()
        Timer(label: "millrace_http_request_seconds", dimensions: place).record(duration: duration)
    }

    private var isProbe: Bool { ["/livez", "/readyz", "/metrics"].contains(route) }
}
