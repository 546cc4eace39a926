import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Hummingbird's HTTP/1.1 connection with our limits, and with problems in place of its bare answers.
struct HTTPConnection: ServerChildChannel {
    private let http1: HTTP1Channel

    init(limits: HTTPService.Limits, responder: @escaping HTTPChannelHandler.Responder) {
        http1 = HTTP1Channel(
            responder: responder,
            configuration: .init(
                idleTimeout: .nanoseconds(Int64(limits.idleTimeout / .nanoseconds(1))),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
                    maxHeaderFieldCount: limits.headerFields)))
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        http1.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let encoder = try pipeline.handler(type: HTTPResponseEncoder.self)
            try pipeline.addHandlers([Continuing(), BareAnswers()], position: .after(encoder))
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async { await http1.handle(value: value, logger: logger) }
}
