import FoundationEssentials
import StoreEvents
import Synchronization
import TestSupport
import Testing

@testable import SNS

@Suite struct SNSVerifierTests {
    /// What was asked for, in order.
    final class Asked: Sendable {
        let urls = Mutex<[String]>([])
    }

    @Test(arguments: ["1", "2"]) func whatAmazonSignedIsBelieved(_ version: String) async throws {
        let signer = try Signer()
        let (verifier, asked) = try verifier(signer)
        try await verifier.verify(try signer.notification(version))
        try await verifier.verify(try signer.notification(version, subject: nil))
        try await verifier.verify(try signer.confirmation())
        #expect(asked.urls.withLock(\.self) == [signer.certificateURL], "the certificate is fetched once")
    }

    @Test(arguments: [
        "MessageId", "Message", "Timestamp", "Subject", "Type", "Signature", "SignatureVersion",
    ]) func whatWasChangedIsNot(_ field: String) async throws {
        let signer = try Signer()
        let (verifier, _) = try verifier(signer)
        let good = try signer.notification()
        var fields = [
            "Type": good.kind.rawValue, "MessageId": good.messageId, "TopicArn": good.topic, "Message": good.message,
            "Subject": good.subject ?? "", "Timestamp": good.timestamp, "SignatureVersion": "2",
            "Signature": good.signature ?? "", "SigningCertURL": signer.certificateURL,
        ]
        try await verifier.verify(try Signer.parse(fields))
        fields[field] =
            switch field {
            case "Type": "UnsubscribeConfirmation"
            case "Signature": Data(repeating: 1, count: 256).base64EncodedString()
            case "SignatureVersion": "1"
            default: (fields[field] ?? "") + "x"
            }
        await refuses(.badSignature, verifier, try Signer.parse(fields))
    }

    @Test func topicsThatNobodyNamedAreNotListenedTo() async throws {
        let signer = try Signer()
        let asked = Asked()
        let other: Set = ["arn:aws:sns:us-west-2:123456789012:Other"]
        let verifier = SNSVerifier(topics: other, fetch: fetch(try signer.certificate, asked))
        await refuses(.unknownTopic, verifier, try signer.notification())
        #expect(asked.urls.withLock(\.self).isEmpty)
    }

    @Test func noStrangerIsAskedForACertificate() async throws {
        let signer = try Signer()
        let (verifier, asked) = try verifier(signer)
        for url in ["https://evil.example/SimpleNotificationService-f3.pem", "http://169.254.169.254/latest/meta-data", ""] {
            let message = try signer.message(["Type": "Notification", "Message": "{}", "SigningCertURL": url])
            await refuses(.untrustedAddress, verifier, message)
        }
        #expect(asked.urls.withLock(\.self).isEmpty)
    }

    @Test func signaturesOfOthersAndNoneAreRefused() async throws {
        let (signer, other) = (try Signer(), try Signer())
        let (verifier, _) = try verifier(other)
        await refuses(.badSignature, verifier, try signer.notification())
        await refuses(.badSignature, verifier, try signer.notification("3"))
        for signature in ["", "not base64!", "AAAA"] {
            await refuses(
                .badSignature, verifier, try signer.message(["Type": "Notification", "Message": "{}", "Signature": signature]))
        }
    }

    @Test func certificatesMustBeGood() async throws {
        let small = try Signer(key: ["rsa:1024"])
        await refuses(.badCertificate, try verifier(small).0, try small.notification())
        let curve = try Signer(key: ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
        await refuses(.badCertificate, try verifier(curve).0, try curve.notification())
        let old = try Signer(isOver: true)
        await refuses(.badCertificate, try verifier(old).0, try old.notification())
        let good = try Signer()
        for bytes in [[], Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8), [0, 1, 2]] {
            let verifier = SNSVerifier(topics: [good.topic], fetch: fetch(bytes, Asked()))
            await refuses(.badCertificate, verifier, try good.notification())
        }
    }

    @Test func aCertificateThatCannotBeHadIsAskedForAgain() async throws {
        let signer = try Signer()
        let isAway = Mutex(true)
        let pem = try signer.certificate
        let verifier = SNSVerifier(topics: [signer.topic]) { _ in
            guard !isAway.withLock(\.self) else { throw ProcessError(description: "away") }
            return pem
        }
        let message = try signer.notification()
        await refuses(.unavailable, verifier, message)
        isAway.withLock { $0 = false }
        try await verifier.verify(message)
    }

    @Test func aSubscriptionIsConfirmedAtAmazonAlone() async throws {
        let signer = try Signer()
        let (verifier, asked) = try verifier(signer)
        try await verifier.confirm(try signer.confirmation())
        #expect(
            asked.urls.withLock(\.self) == [
                "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=\(signer.topic)&Token=2336412f37f"
            ])
        let fields = [
            "Type": "SubscriptionConfirmation", "Message": "m", "SubscribeURL": "https://evil.example/", "Token": "a&b=c",
        ]
        for message in [try signer.message(fields), try signer.notification()] {
            await #expect(throws: SNSError.self) { try await verifier.confirm(message) }
        }
        #expect(asked.urls.withLock(\.count) == 1)
    }

    private func verifier(_ signer: Signer) throws -> (SNSVerifier, Asked) {
        let asked = Asked()
        return (SNSVerifier(topics: [signer.topic], fetch: fetch(try signer.certificate, asked)), asked)
    }

    private func fetch(_ bytes: [UInt8], _ asked: Asked) -> SNSVerifier.Fetch {
        { url in
            asked.urls.withLock { $0.append(url) }
            return bytes
        }
    }

    private func refuses(_ code: SNSError.Code, _ verifier: SNSVerifier, _ message: SNSMessage, line: Int = #line) async {
        do throws(SNSError) {
            try await verifier.verify(message)
            Issue.record("it was believed (line \(line))")
        } catch { #expect(error.code == code, "\(error) (line \(line))") }
    }
}
