import FoundationEssentials

/// A message of Amazon SNS as it comes over HTTP or SQS. Source: Amazon SNS Developer Guide, "Parsing Amazon SNS message formats".
package struct SNSMessage: Decodable, Sendable, Hashable {
    package enum Kind: String, Decodable, Sendable {
        case notification = "Notification"
        case subscriptionConfirmation = "SubscriptionConfirmation"
        case unsubscribeConfirmation = "UnsubscribeConfirmation"
    }

    package let kind: Kind
    package let messageId: String
    package let topic: String
    package let message: String
    package let subject: String?
    package let timestamp: String
    package let token: String?
    package let subscribeURL: String?
    package let signature: String?
    package let signatureVersion: String?
    package let certificateURL: String?

    private enum CodingKeys: String, CodingKey {
        case kind = "Type"
        case messageId = "MessageId"
        case topic = "TopicArn"
        case message = "Message"
        case subject = "Subject"
        case timestamp = "Timestamp"
        case token = "Token"
        case subscribeURL = "SubscribeURL"
        case signature = "Signature"
        case signatureVersion = "SignatureVersion"
        case certificateURL = "SigningCertURL"
    }

    /// What is in a notification; none in a confirmation.
    package func events(limits: StoreMessage.Limits = StoreMessage.Limits()) throws(StoreEventError) -> [StoreEvent] {
        guard kind == .notification else { return [] }
        guard case .events(let events) = try CloudEvent.nested(Data(message.utf8), limits) else {
            throw StoreEventError(.unknownDialect, "an SNS envelope stands in another")
        }
        return events
    }

    /// The text that is signed. Source: "Verifying the signatures of Amazon SNS messages".
    package var signedText: String {
        let common = [("Message", message), ("MessageId", messageId)]
        let members: [(String, String?)] =
            switch kind {
            case .notification:
                common + [("Subject", subject), ("Timestamp", timestamp), ("TopicArn", topic), ("Type", kind.rawValue)]
            case .subscriptionConfirmation, .unsubscribeConfirmation:
                common + [
                    ("SubscribeURL", subscribeURL), ("Timestamp", timestamp), ("Token", token), ("TopicArn", topic),
                    ("Type", kind.rawValue),
                ]
            }
        return members.compactMap { name, value in value.map { "\(name)\n\($0)\n" } }.joined()
    }
}
