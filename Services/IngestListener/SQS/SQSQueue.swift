import Events
import FoundationEssentials
import HTTPClient

/// One queue of Amazon SQS, or of a server that speaks its JSON protocol.
///
/// Source: Amazon SQS API Reference, "Making requests with the AWS JSON protocol", `ReceiveMessage`, `DeleteMessageBatch`.
struct SQSQueue: Sendable {
    /// The headers that make a request one of ours.
    typealias Sign = @Sendable (_ host: String, _ headers: [(String, String)], _ body: [UInt8]) async throws -> [(String, String)]

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
    let http: HTTPClient
    let sign: Sign

    /// As soon as there is one, at most ten; none after 20 seconds without.
    /// - Parameter visibility: when a message that was not deleted is handed out again.
    func receive(visibility: Duration) async throws -> [Message] {
        let question = ReceiveMessage(
            queue: address.url, most: Self.most, wait: Self.wait.components.seconds,
            visibility: visibility.components.seconds)
        return try await call("ReceiveMessage", question, ReceiveMessage.Answer.self).messages ?? []
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
        let signed = try await sign(address.host, headers, body)
        let response = try await http.send(
            HTTPClient.Request(
                "POST", address.endpoint + "/", headers: headers + signed, body: .bytes(body),
                timeout: Self.wait + .seconds(15), maxResponseBytes: 16 << 20))
        guard response.status == 200 else { throw SQSError(response) }
        do { return try JSONDecoder().decode(type, from: Data(response.body)) } catch {
            throw SQSError(description: "\(action): an answer that cannot be read")
        }
    }
}

/// The queue's server said no, or something else than it should.
struct SQSError: Error, CustomStringConvertible {
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
        let words = [reason?.type?.split(separator: "#").last.map(String.init), reason?.message].compactMap(\.self)
        description = (["\(response.status)"] + words).joined(separator: " ").prefix(300).description
    }
}
