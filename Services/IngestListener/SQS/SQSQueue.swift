import AWS
import Events
import FoundationEssentials
import HTTPClient

/// One queue of Amazon SQS, or of a server that speaks its JSON protocol.
///
/// Source: Amazon SQS API Reference, "Making requests with the AWS JSON protocol", `ReceiveMessage`, `ChangeMessageVisibilityBatch`, `DeleteMessageBatch`.
struct SQSQueue: Sendable {
    struct Message: Decodable, Sendable {
        let id: String
        /// Names this handing-out of the message.
        let receipt: String
        let body: String

        enum CodingKeys: String, CodingKey {
            case id = "MessageId"
            case receipt = "ReceiptHandle"
            case body = "Body"
        }
    }

    /// How long the server waits for a message, and how many it hands out at once: both its own limits.
    static let wait: Duration = .seconds(20)
    static let most = 10

    let address: SQSAddress
    let region: String
    let access: AWSAccess

    /// As soon as there is one, at most ten; none after 20 seconds without.
    /// - Parameter visibility: when a message that was not deleted is handed out again.
    func receive(visibility: Duration) async throws -> [Message] {
        let question = ReceiveMessage(
            queue: address.url, most: Self.most, wait: Self.wait.components.seconds,
            visibility: visibility.components.seconds)
        return try await call("ReceiveMessage", question, ReceiveMessage.Answer.self).messages ?? []
    }

    /// - Parameter visibility: when they are handed out again, from now.
    func keep(_ messages: [Message], visibility: Duration) async throws {
        guard !messages.isEmpty else { return }
        let entries = messages.enumerated().map {
            ChangeMessageVisibilityBatch.Entry(id: "\($0)", receipt: $1.receipt, visibility: visibility.components.seconds)
        }
        let question = ChangeMessageVisibilityBatch(queue: address.url, entries: entries)
        _ = try await call("ChangeMessageVisibilityBatch", question, ChangeMessageVisibilityBatch.Answer.self)
    }

    /// What was not deleted comes again.
    func delete(_ messages: [Message]) async throws {
        guard !messages.isEmpty else { return }
        let entries = messages.enumerated().map { DeleteMessageBatch.Entry(id: "\($0)", receipt: $1.receipt) }
        let question = DeleteMessageBatch(queue: address.url, entries: entries)
        _ = try await call("DeleteMessageBatch", question, DeleteMessageBatch.Answer.self)
    }

    private func call<Answer: Decodable>(_ action: String, _ question: some Encodable, _ type: Answer.Type) async throws -> Answer
    {
        let body = [UInt8](try JSONEncoder().encode(question))
        let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", "AmazonSQS.\(action)")]
        let used = try await access.credentials.credentials()
        let response = try await access.http.send(
            HTTPClient.Request(
                "POST", address.endpoint + "/", headers: headers + signature(of: headers, body, used), body: .bytes(body),
                timeout: Self.wait + .seconds(15), maxResponseBytes: 16 << 20))
        guard response.status == 200 else {
            let error = SQSError(response)
            if AWSCredentials.areRefused(by: error.code) { await access.credentials.forget(used) }
            throw error
        }
        do { return try JSONDecoder().decode(type, from: Data(response.body)) } catch {
            throw SQSError(description: "\(action): an answer that cannot be read")
        }
    }

    private func signature(
        of headers: [(String, String)], _ body: [UInt8], _ credentials: AWSCredentials
    ) -> [(String, String)] {
        let all = (headers + [("host", address.host)]).map { (name: $0.0, value: $0.1) }
        let request = SignableRequest("POST", path: "/", headers: all, payloadHash: sha256Hex(body))
        return SigV4(credentials, region: region, service: "sqs").headers(for: request).map { ($0.name, $0.value) }
    }
}

/// The queue's server said no, or something else than it should.
struct SQSError: Error, CustomStringConvertible {
    /// As SQS names it; empty where it did not.
    var code = ""
    let description: String

    init(description: String) { self.description = description }

    init(_ response: HTTPClient.Response) {
        struct Reason: Decodable {
            let type: String?
            let message: String?

            enum CodingKeys: String, CodingKey {
                case type = "__type"
                case message
            }
        }
        let reason = try? JSONDecoder().decode(Reason.self, from: Data(response.body.prefix(64 << 10)))
        code = reason?.type?.split(separator: "#").last.map(String.init) ?? ""
        let words = ["\(response.status)", code, reason?.message ?? ""].filter { !$0.isEmpty }
        description = words.joined(separator: " ").prefix(300).description
    }
}
