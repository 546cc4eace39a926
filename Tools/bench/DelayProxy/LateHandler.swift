import NIOCore

/// Hands on what its channel receives, each piece after the delay.
final class LateHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    /// Beyond so many bytes under way the channel reads no more, and its sender has to wait.
    private static let limit = 16 << 20

    private let delay: TimeAmount
    private let partner: any Channel
    /// In order of time; nil is the end.
    private var late = CircularBuffer<(due: NIODeadline, bytes: ByteBuffer?)>()
    private var bytesUnderWay = 0
    private var isReadWaiting = false

    /// - Parameter partner: where it goes, on the same event loop.
    init(_ delay: TimeAmount, to partner: any Channel) {
        self.delay = delay
        self.partner = partner
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        bytesUnderWay += bytes.readableBytes
        add(bytes, context)
    }

    func channelInactive(context: ChannelHandlerContext) { add(nil, context) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func read(context: ChannelHandlerContext) {
        isReadWaiting = bytesUnderWay >= Self.limit
        if !isReadWaiting { context.read() }
    }

    private func add(_ bytes: ByteBuffer?, _ context: ChannelHandlerContext) {
        late.append((.now() + delay, bytes))
        if late.count == 1 { wait(context) }
    }

    private func wait(_ context: ChannelHandlerContext) {
        guard let first = late.first else { return }
        context.eventLoop.assumeIsolated().scheduleTask(deadline: first.due) { self.deliver(context) }
    }

    /// Everything that is due, in one go.
    private func deliver(_ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        while let first = late.first, first.due <= now {
            late.removeFirst()
            if let bytes = first.bytes { send(bytes, context) } else { partner.close(promise: nil) }
        }
        partner.flush()
        wait(context)
    }

    private func send(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        partner.write(bytes).assumeIsolated().whenComplete { _ in
            self.bytesUnderWay -= bytes.readableBytes
            if self.isReadWaiting { self.read(context: context) }
        }
    }
}
