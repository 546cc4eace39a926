import FoundationEssentials
package import StoreEvents
import Synchronization

/// Believes Amazon SNS, and nobody who only says that he is. Source: Amazon SNS Developer Guide, "Verifying the signatures of Amazon SNS
/// messages" and "Making sure your endpoint is ready to process messages".
///
/// Anybody with an AWS account can have SNS sign what he likes: so only topics that are named in advance are listened to. An old message
/// may be sent again by who has seen it; it does no harm, as what it says is looked up in the store.
package final class SNSVerifier: Sendable {
    /// Gets what is at an HTTPS address of Amazon's; at most 64 KiB, no redirects.
    package typealias Fetch = @Sendable (_ url: String) async throws -> [UInt8]

    private static let certificateAge: Duration = .seconds(24 * 3600)
    private static let maxCertificates = 16

    private let topics: Set<String>
    private let fetch: Fetch
    private let certificates = Mutex<[String: (pem: [UInt8], since: ContinuousClock.Instant)]>([:])

    /// - Parameter topics: ARNs, exactly.
    package init(topics: Set<String>, fetch: @escaping Fetch) {
        self.topics = topics
        self.fetch = fetch
    }

    /// - Throws: `SNSError`; only `.unavailable` may pass.
    package func verify(_ message: SNSMessage) async throws(SNSError) {
        guard topics.contains(message.topic) else { throw SNSError(.unknownTopic, "nobody listens to this topic") }
        let digest: SigningCertificate.Digest =
            switch message.signatureVersion {
            case "1": .sha1
            case "2": .sha256
            default: throw SNSError(.badSignature, "a signature of an unknown version")
            }
        guard let signature = message.signature.flatMap({ Data(base64Encoded: $0) }), !signature.isEmpty else {
            throw SNSError(.badSignature, "there is no signature")
        }
        guard let url = message.certificateURL, SNSAddress.isCertificate(url, of: message.topic) else {
            throw SNSError(.untrustedAddress, "the certificate is not one of Amazon SNS")
        }
        let certificate = try SigningCertificate(pem: try await certificate(at: url))
        guard certificate.isValid(Array(signature), of: Array(message.signedText.utf8), digest) else {
            throw SNSError(.badSignature, "the signature does not fit the message")
        }
    }

    /// Confirms a subscription that has been verified. The address is made of the topic and the token, not taken from the message.
    package func confirm(_ message: SNSMessage) async throws(SNSError) {
        guard message.kind == .subscriptionConfirmation,
            let url = SNSAddress.confirmation(topic: message.topic, token: message.token ?? "")
        else { throw SNSError(.untrustedAddress, "nothing that can be confirmed") }
        do { _ = try await fetch(url) } catch {
            throw SNSError(.unavailable, "the subscription cannot be confirmed for now: \(error)")
        }
    }

    private func certificate(at url: String) async throws(SNSError) -> [UInt8] {
        let now = ContinuousClock.now
        if let known = certificates.withLock({ $0[url] }), now - known.since < Self.certificateAge { return known.pem }
        let pem: [UInt8]
        do { pem = try await fetch(url) } catch {
            throw SNSError(.unavailable, "the certificate cannot be had for now: \(error)")
        }
        certificates.withLock { certificates in
            if certificates.count >= Self.maxCertificates { certificates = [:] }
            certificates[url] = (pem, now)
        }
        return pem
    }
}

/// Why a message of SNS is not believed, or its subscription not confirmed.
package struct SNSError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable { case unknownTopic, untrustedAddress, badSignature, badCertificate, unavailable }

    package let code: Code
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
