import FoundationEssentials
import Testing

@testable import Notifier

@Suite struct SigningTests {
    /// The published vectors of Standard Webhooks.
    @Test(arguments: [
        (
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, #"{"test": 2432232314}"#,
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        ),
        (
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1_649_367_553,
            #"{"email":"test@example.com","username":"test_user"}"#, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="
        ),
    ])
    func signsAsPublished(secret: String, id: String, timestamp: Int, body: String, expected: String) throws {
        let secret = try #require(SigningSecret(secret))
        #expect(secret.signature(id: id, timestamp: timestamp, body: Array(body.utf8)) == expected)
    }

    @Test func aNewSecretHas32BytesOfItsOwn() throws {
        let (one, other) = (SigningSecret.generate(), SigningSecret.generate())
        #expect(one.text != other.text)
        #expect(Data(base64Encoded: String(one.text.dropFirst(6)))?.count == 32)
        let read = try #require(SigningSecret(one.text))
        #expect(read.signature(id: "a", timestamp: 1, body: [2]) == one.signature(id: "a", timestamp: 1, body: [2]))
    }

    @Test(arguments: [
        "", "whsec_", "whsec_!!!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=",
        "whsk_" + String(repeating: "A", count: 44),
    ])
    func refusesOtherSecrets(text: String) { #expect(SigningSecret(text) == nil) }
}
