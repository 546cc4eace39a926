import HTTPTypes
package import Hummingbird
import NIOCore
import NIOHTTP1

extension MillraceContext {
    /// Answers `100 Continue` to a client that holds its body back until it is asked for (`Expect: 100-continue`). Call it when
    /// everything that can be refused by the head alone has been; Hummingbird itself never does.
    ///
    /// Source: RFC 9110, section 10.1.1.
    package func askForBody(of request: Request) async throws {
        guard request.headers[.expect]?.lowercased() == "100-continue" else { return }
        try await channel.triggerUserOutboundEvent(Continuing.Ask()).get()
    }
}

/// Writes an interim answer straight to the encoder: everything behind it counts heads, and this one is not final.
final class Continuing: ChannelOutboundHandler {
    struct Ask: Sendable {}

    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is Ask else { return context.triggerUserOutboundEvent(event, promise: promise) }
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: promise)
    }
}
