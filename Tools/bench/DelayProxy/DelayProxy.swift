import ArgumentParser
import Glibc
import NIOCore
import NIOPosix

/// Stands before a server on loopback and makes it as far away as one in another house: what passes arrives later, in order,
/// half of the delay on the way there and half on the way back. Prints its port; ends with SIGTERM.
struct DelayProxy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delay-proxy", abstract: "Adds latency to a server on loopback.")

    @Option(help: "The server's port on loopback.") var to: Int
    @Option(help: "How much longer a round trip takes, in milliseconds.") var delayMs = 1.0

    func run() async throws {
        let delay = TimeAmount.nanoseconds(Int64(delayMs * 500_000))
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { Self.join($0, to, delay) }
            .bind(host: "127.0.0.1", port: 0).get()
        print(server.localAddress?.port ?? 0)
        fflush(nil)
        try await server.closeFuture.get()
    }

    /// Connects a client with the server, on the client's thread.
    private static func join(_ client: any Channel, _ port: Int, _ delay: TimeAmount) -> EventLoopFuture<Void> {
        ClientBootstrap(group: client.eventLoop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.autoRead, value: false)
            .connect(host: "127.0.0.1", port: port)
            .flatMapThrowing { server in
                for (channel, partner) in [(client, server), (server, client)] {
                    try channel.pipeline.syncOperations.addHandler(LateHandler(delay, to: partner))
                    try channel.syncOptions?.setOption(.autoRead, value: true)
                }
            }
    }
}
