import FoundationEssentials
import StoreEvents
import TestSupport

/// A key and a certificate of our own making, and messages signed with them as SNS does.
final class Signer: Sendable {
    private let directory = TemporaryDirectory()
    let topic = "arn:aws:sns:us-west-2:123456789012:MyTopic"
    let certificateURL = "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb72.pem"

    /// - Parameters:
    ///   - key: as `openssl req -newkey` takes it.
    ///   - isOver: whether the certificate's time is over.
    init(key: [String] = ["rsa:2048"], isOver: Bool = false) throws {
        try ChildProcess.run(
            ["openssl", "req", "-x509", "-nodes", "-subj", "/CN=sns.amazonaws.com", "-newkey"] + key
                + ["-days", "2", "-keyout", path("key"), "-out", path("new")])
        let days = isOver ? "-1" : "2"
        try ChildProcess.run(
            ["openssl", "x509", "-in", path("new"), "-signkey", path("key"), "-days", days, "-out", path("pem")])
    }

    deinit { directory.remove() }

    var certificate: [UInt8] { get throws { Array(try Data(contentsOf: URL(filePath: path("pem")))) } }

    /// The signature of a text, by OpenSSL's own tool.
    func signature(of text: String, digest: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: path("text")))
        try ChildProcess.run(["openssl", "dgst", "-\(digest)", "-sign", path("key"), "-out", path("signature"), path("text")])
        return try Data(contentsOf: URL(filePath: path("signature"))).base64EncodedString()
    }

    /// A message in JSON, signed.
    func message(_ fields: [String: String], version: String = "2") throws -> SNSMessage {
        let common = [
            "MessageId": "165545c9-2a5c-472c-8df2-7ff2be2b3b1b", "TopicArn": topic, "Timestamp": "2026-04-26T20:45:04.751Z",
            "SignatureVersion": version, "SigningCertURL": certificateURL,
        ]
        var fields = common.merging(fields) { $1 }
        if fields["Signature"] == nil {
            let text = try Self.parse(fields).signedText
            fields["Signature"] = try signature(of: text, digest: version == "1" ? "sha1" : "sha256")
        }
        return try Self.parse(fields)
    }

    func notification(_ version: String = "2", subject: String? = "Amazon S3 Notification") throws -> SNSMessage {
        var fields = ["Type": "Notification", "Message": #"{"Records":[]}"#]
        fields["Subject"] = subject
        return try message(fields, version: version)
    }

    func confirmation(token: String = "2336412f37f") throws -> SNSMessage {
        let url = "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=\(topic)&Token=\(token)"
        return try message(
            ["Type": "SubscriptionConfirmation", "Message": "You have chosen …", "SubscribeURL": url, "Token": token])
    }

    static func parse(_ fields: [String: String]) throws -> SNSMessage {
        guard case .sns(let message) = try StoreMessage.parse(try JSONEncoder().encode(fields)) else {
            throw ProcessError(description: "no message of SNS")
        }
        return message
    }

    private func path(_ name: String) -> String { "\(directory.path)/\(name)" }
}
