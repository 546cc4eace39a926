package import Events
package import Hummingbird
import Logging

/// What is known of one request while it is handled.
package struct MillraceContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The client's `X-Request-Id` where it is sane, else a new one; every answer and log line carries it.
    package internal(set) var requestId = ""
    /// The client's trace with a span of our own, or a new trace: what an event caused by this request carries.
    package internal(set) var trace = TraceParent.random()

    package var id: String { requestId }

    package init(source: Source) {
        coreContext = .init(source: source)
        // Hummingbird's own id would stand beside ours in every log line.
        logger[metadataKey: "hb.request.id"] = nil
    }

    mutating func identify(_ identity: RequestIdentity) {
        requestId = identity.requestId
        trace = identity.trace
        logger[metadataKey: "requestId"] = "\(identity.requestId)"
    }
}
