import FoundationEssentials
import NIOCore
import NIOPosix

/// An HTTP answer as it came over the wire.
struct RawAnswer {
    let status: Int
    /// Names in lowercase.
    let headers: [(name: String, value: String)]
    let body: String

    subscript(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    init(_ text: String) {
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let lines = parts[0].split(separator: "\r\n")
        status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        headers = lines.dropFirst().map { line in
            let pair = line.split(separator: ":", maxSplits: 1)
            return (pair[0].lowercased(), pair.count > 1 ? pair[1].drop { $0 == " " }.description : "")
        }
        body = parts.count > 1 ? String(parts[1]) : ""
    }

    func problem() throws -> ProblemJSON { try JSONDecoder().decode(ProblemJSON.self, from: Data(body.utf8)) }
}

struct ProblemJSON: Decodable {
    let type, title, code, detail, requestId: String
    let status: Int
    let field: String?
    let limit: Int?
}

/// Sends `request` as it is, byte for byte, and reads until the server closes.
/// - Parameter pieces: sent one after another, with a pause between them.
func exchange(_ port: Int, _ pieces: String..., pause: Duration = .milliseconds(30)) async throws -> String {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.allowRemoteHalfClosure, value: true)
        .connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                    wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
            }
        }
    return try await channel.executeThenClose { inbound, outbound in
        for (index, piece) in pieces.enumerated() {
            if index > 0 { try await Task.sleep(for: pause) }
            try await outbound.write(ByteBuffer(string: piece))
        }
        var answer = ByteBuffer()
        for try await part in inbound { answer.writeImmutableBuffer(part) }
        return String(buffer: answer)
    }
}

/// One request on a connection of its own.
func ask(
    _ port: Int, _ method: String = "GET", path: String, headers: [String] = [], body: String = ""
) async throws -> RawAnswer {
    let length = body.isEmpty ? [] : ["Content-Length: \(body.utf8.count)"]
    let head = ["\(method) \(path) HTTP/1.1", "Host: localhost", "Connection: close"] + length + headers
    return RawAnswer(try await exchange(port, head.joined(separator: "\r\n") + "\r\n\r\n" + body))
}
