package import Access
package import Hummingbird
import Logging
import NIOCore

/// What is known of one request while it is handled.
package struct MillraceContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The client's `X-Request-Id` where it is sane, else a new one; every answer and log line carries it.
    package internal(set) var requestId = ""
    package internal(set) var trace = RequestTrace()
    /// Who asks; nil where `Authenticate` did not run.
    package internal(set) var apiKey: APIKey?

    package var id: String { requestId }

    let channel: any Channel

    package init(source: Source) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    mutating func identify(_ identity: RequestIdentity, _ logger: Logger) {
        requestId = identity.requestId
        trace = identity.trace
        self.logger = logger
        self.logger[metadataKey: "requestId"] = "\(identity.requestId)"
    }
}
