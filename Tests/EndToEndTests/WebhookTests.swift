import Crypto
import Events
import Foundation
import HTTPClient
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import TestSupport
import Testing

/// A subscriber who trusts nothing but the Standard Webhooks specification.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct WebhookTests {
    @Test("a subscriber hears of every status once, signed; a failed try comes again under the same id")
    func deliveries() async throws {
        let stack = try await RunningStack.start()
        let subscriber = Subscriber()
        let port = try await subscriber.listen()
        let body = #"{"projectId":"demo","url":"http://127.0.0.1:\#(port)/hook","eventTypes":["media.status"]}"#
        let created = try await stack.call("POST", "/api/v2/webhooks", json: body)
        #expect(created.status == 201)
        let secret = try #require(created.json["secret"] as? String)
        let listed = try await stack.call("GET", "/api/v2/webhooks?projectId=demo")
        #expect(!listed.text.contains(secret), "the secret is shown once")

        let presigned = try await stack.upload(try Samples.bytes("3-portrait.webp"), named: "a.webp", type: "image/webp")
        try await stack.finished(presigned.mediaId)
        try await eventually(timeout: .seconds(40), "ready is delivered") {
            subscriber.accepted.contains { $0.status == "ready" }
        }

        let accepted = subscriber.accepted
        #expect(Set(accepted.map(\.id)).count == accepted.count, "an event was accepted twice")
        #expect(subscriber.refused.isEmpty == false, "the first try is refused on purpose")
        for delivery in accepted + subscriber.refused { #expect(delivery.isSigned(with: secret)) }
        let traces = Set(accepted.compactMap { TraceParent(rawValue: $0.traceparent)?.traceId })
        #expect(traces.count == 1, "one trace from presign to the last webhook")
        await subscriber.stop()
        try await stack.stop()
    }
}

/// An HTTP server that refuses its first delivery with 500 and accepts the others.
final class Subscriber: Sendable {
    struct Delivery: Sendable {
        let id: String
        let traceparent: String
        let timestamp: String
        let signature: String
        let body: String

        var status: String? {
            let json = (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any]
            return (json?["data"] as? [String: Any])?["status"] as? String
        }

        /// Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, base64, among the space-separated `v1,…` signatures.
        func isSigned(with secret: String) -> Bool {
            guard let key = Data(base64Encoded: String(secret.dropFirst("whsec_".count))), let sent = Double(timestamp),
                abs(sent - Date().timeIntervalSince1970) < 300
            else { return false }
            let code = HMAC<SHA256>.authenticationCode(
                for: Data("\(id).\(timestamp).\(body)".utf8), using: SymmetricKey(data: key))
            return signature.split(separator: " ").contains("v1,\(Data(code).base64EncodedString())")
        }
    }

    private struct Log {
        var accepted: [Delivery] = []
        var refused: [Delivery] = []
    }

    private let log = Mutex(Log())
    private let server = Mutex<Task<Void, any Error>?>(nil)

    var accepted: [Delivery] { log.withLock(\.accepted) }
    var refused: [Delivery] { log.withLock(\.refused) }

    func listen() async throws -> Int {
        let router = Router()
        router.post("hook") { request, _ in
            let body = try await request.body.collect(upTo: 100_000)
            let header = { (name: String) in HTTPField.Name(name).flatMap { request.headers[$0] } ?? "" }
            let delivery = Delivery(
                id: header("webhook-id"), traceparent: header("traceparent"), timestamp: header("webhook-timestamp"),
                signature: header("webhook-signature"), body: String(buffer: body))
            return self.take(delivery) ? HTTPResponse.Status.noContent : .internalServerError
        }
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) })
        server.withLock { $0 = Task { try await application.runService(gracefulShutdownSignals: []) } }
        for await number in ports { return number }
        throw StackError(description: "the subscriber does not listen")
    }

    func stop() async {
        let task = server.withLock { $0 }
        task?.cancel()
        _ = await task?.result
    }

    private func take(_ delivery: Delivery) -> Bool {
        log.withLock { log in
            guard !log.refused.isEmpty else {
                log.refused.append(delivery)
                return false
            }
            log.accepted.append(delivery)
            return true
        }
    }
}
