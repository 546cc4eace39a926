import HTTPTypes
import NIOCore
import NIOHTTP1

/// Gives a body to the answers that Hummingbird writes before a router is asked: 400 for what is no HTTP.
///
/// They are known by their lack of a request id, which every answer of ours carries.
final class BareAnswers: ChannelOutboundHandler {
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), head.status.code >= 400,
            !head.headers.contains(name: "X-Request-Id")
        else { return context.write(data, promise: promise) }
        let requestId = RequestIdentity([:]).requestId
        guard let body = try? Problem.brokenRequest.json(requestId: requestId) else {
            return context.write(data, promise: promise)
        }
        head.headers.replaceOrAdd(name: "X-Request-Id", value: requestId)
        head.headers.replaceOrAdd(name: "Content-Type", value: "application/problem+json")
        head.headers.replaceOrAdd(name: "Content-Length", value: "\(body.readableBytes)")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: promise)
    }
}
