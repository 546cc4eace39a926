import Events
import HTTPTypes
import Hummingbird
import Logging
import Messaging
import Metrics
import NIOCore
import Traces

/// Stands in front of the router: identifies the request, answers its id back, measures it and writes the access log.
struct Entrance<Inner: HTTPResponder>: HTTPResponder where Inner.Context == MillraceContext {
    let inner: Inner
    let logger: Logger

    func respond(to request: Request, context: MillraceContext) async throws -> Response {
        let start = ContinuousClock.now
        var context = context
        let identity = RequestIdentity(request.headers)
        context.identify(identity, logger)
        var response = try await LogContext.$current.withValue(context.logContext) {
            try await inner.respond(to: request, context: context)
        }
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[.requestId] = context.requestId
        let visit = Visit(request: request, status: response.status, context: context, identity: identity, start: start)
        response.body = response.body.counted(in: context.logContext) { bytes in visit.end(bytes: bytes) }
        return response
    }
}

extension MillraceContext {
    /// Another one once the request has joined a trace.
    fileprivate var logContext: LogContext { LogContext(traceparent: trace.span.rawValue) }
}

/// One answered request, to be reported when its last byte is written.
private struct Visit: Sendable {
    let method: String
    let path: String
    let route: String?
    let status: Int
    let logger: Logger
    let identity: RequestIdentity
    let start: ContinuousClock.Instant

    init(
        request: Request, status: HTTPResponse.Status, context: MillraceContext, identity: RequestIdentity,
        start: ContinuousClock.Instant
    ) {
        self.identity = identity
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
        if !isProbe { Spans.record(span(duration)) }
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

    private func span(_ duration: Duration) -> Span {
        let end = Spans.now()
        return Span(
            route.map { "\(method) \($0)" } ?? method, .server, trace: identity.trace.span, parent: identity.trace.parent,
            start: end - Int64(duration / .nanoseconds(1)), end: end,
            attributes: [
                "http.request.method": method, "http.route": route ?? "", "http.response.status_code": "\(status)",
                "millrace.request.id": identity.requestId,
            ],
            error: status >= 500 ? "status \(status)" : nil)
    }

    private var isProbe: Bool { ["/livez", "/readyz", "/metrics"].contains(route) }
}
