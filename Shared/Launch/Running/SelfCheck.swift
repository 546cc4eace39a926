import NIOCore
import NIOPosix

/// Asks this service's own `/readyz`, for a container's health check without any other tool.
/// - Returns: nil when it is ready, else why not.
func selfCheck(host: String, port: Int) async -> String? {
    do {
        let answer = try await withTimeout(.seconds(4)) { try await ask(host: reachable(host), port: port) }
        return answer.hasPrefix("HTTP/1.1 200 ") ? nil : answer.split(separator: "\r\n").last.map(String.init) ?? "no answer"
    } catch is NIOConnectionError {
        return "nobody answers at \(host):\(port)"
    } catch {
        return "cannot ask \(host):\(port): \(error)"
    }
}

/// Where a server that listens on every address can be reached.
private func reachable(_ host: String) -> String {
    switch host {
    case "0.0.0.0": "127.0.0.1"
    case "::": "::1"
    default: host
    }
}

private func ask(host: String, port: Int) async throws -> String {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: host, port: port) {
        channel in
        channel.eventLoop.makeCompletedFuture {
            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
    }
    return try await channel.executeThenClose { inbound, outbound in
        let request = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        try await outbound.write(ByteBuffer(string: request))
        var answer = ByteBuffer()
        for try await part in inbound where answer.readableBytes < 65_536 { answer.writeImmutableBuffer(part) }
        return String(buffer: answer)
    }
}
