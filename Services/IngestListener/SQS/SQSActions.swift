/// The bodies of the two actions, with SQS's own names.
struct ReceiveMessage: Encodable {
    let queue: String
    let most: Int
    /// Seconds.
    let wait: Int64
    /// Seconds.
    let visibility: Int64

    enum CodingKeys: String, CodingKey {
        case queue = "QueueUrl"
        case most = "MaxNumberOfMessages"
        case wait = "WaitTimeSeconds"
        case visibility = "VisibilityTimeout"
    }

    struct Answer: Decodable {
        let messages: [SQSQueue.Message]?

        enum CodingKeys: String, CodingKey { case messages = "Messages" }
    }
}

/// Delays when messages are handed out again.
struct ChangeMessageVisibilityBatch: Encodable {
    struct Entry: Encodable {
        let id: String
        let receipt: String
        /// Seconds from now.
        let visibility: Int64

        enum CodingKeys: String, CodingKey {
            case id = "Id"
            case receipt = "ReceiptHandle"
            case visibility = "VisibilityTimeout"
        }
    }

    let queue: String
    let entries: [Entry]

    enum CodingKeys: String, CodingKey {
        case queue = "QueueUrl"
        case entries = "Entries"
    }

    /// Which were not delayed is not asked: they come again.
    struct Answer: Decodable { init(from decoder: any Decoder) {} }
}

struct DeleteMessageBatch: Encodable {
    struct Entry: Encodable {
        let id: String
        let receipt: String

        enum CodingKeys: String, CodingKey {
            case id = "Id"
            case receipt = "ReceiptHandle"
        }
    }

    let queue: String
    let entries: [Entry]

    enum CodingKeys: String, CodingKey {
        case queue = "QueueUrl"
        case entries = "Entries"
    }

    /// Which were not deleted is not asked: they come again.
    struct Answer: Decodable { init(from decoder: any Decoder) {} }
}
