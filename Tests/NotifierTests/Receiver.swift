import Crypto
import Events
import FoundationEssentials
import HTTPServer
import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle
import Synchronization

/// A subscriber's server: keeps what it is sent and answers as it is told. It checks signatures with its own arithmetic.
final class Receiver: Sendable {
    struct Received: Sendable {
        let id: String
        let timestamp: String
        let signatures: [String]
        let contentType: String
        let traceparent: String
        let body: [UInt8]

        /// HMAC-SHA256 by its definition (RFC 2104), apart from the code under test.
        func isSigned(with secret: String) -> Bool {
            guard let key = Data(base64Encoded: String(secret.dropFirst("whsec_".count))), key.count <= 64 else { return false }
            let padded = Array(key) + Array(repeating: 0, count: 64 - key.count)
            let message = Array("\(id).\(timestamp).".utf8) + body
            let inner = Array(SHA256.hash(data: padded.map { $0 ^ 0x36 } + message))
            let outer = Array(SHA256.hash(data: padded.map { $0 ^ 0x5c } + inner))
            return signatures.contains("v1," + Data(outer).base64EncodedString())
        }
    }

    struct Answer: Sendable {
        var status: HTTPResponse.Status = .ok
        var headers: HTTPFields = [:]
        var after: Duration = .zero
    }

    let url: String
    private let received: Box
    private let group: ServiceGroup

    /// - Parameter answer: by the last part of the path and the number of the attempt there, from 1.
    init(_ answer: @escaping @Sendable (_ name: String, _ attempt: Int) -> Answer = { _, _ in Answer() }) async throws {
        let (box, router) = (Box(), makeRouter())
        router.post("/hook/:name") { request, context in
            let name = try context.pathParameter("name")
            let attempt = box.append(try await Self.read(request), name)
            let answer = answer(name, attempt)
            try await Task.sleep(for: answer.after)
            return Response(status: answer.status, headers: answer.headers, body: .init(byteBuffer: .init(string: "thanks")))
        }
        let logger = Logger(label: "receiver", factory: { _ in SwiftLogNoOpLogHandler() })
        let server = HTTPService(router: router, host: "127.0.0.1", port: 0, logger: logger)
        received = box
        group = ServiceGroup(services: [server], logger: logger)
        Task { [group] in try await group.run() }
        url = "http://127.0.0.1:\(try await server.boundPort())/hook/"
    }

    func received(_ name: String) -> [Received] { received.all(name) }

    func stop() async { await group.triggerGracefulShutdown() }

    private static func read(_ request: Request) async throws -> Received {
        let header = { (name: String) in HTTPField.Name(name).flatMap { request.headers[$0] } ?? "" }
        let body = try await request.body.collect(upTo: 1 << 20)
        return Received(
            id: header("webhook-id"), timestamp: header("webhook-timestamp"),
            signatures: header("webhook-signature").split(separator: " ").map(String.init), contentType: header("content-type"),
            traceparent: header("traceparent"),
            body: Array(body.readableBytesView))
    }

    private final class Box: Sendable {
        private let requests = Mutex<[String: [Received]]>([:])

        func append(_ request: Received, _ name: String) -> Int {
            requests.withLock {
                $0[name, default: []].append(request)
                return $0[name]?.count ?? 0
            }
        }

        func all(_ name: String) -> [Received] { requests.withLock { $0[name] ?? [] } }
    }
}
