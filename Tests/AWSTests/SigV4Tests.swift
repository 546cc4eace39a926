import AWS
import Foundation
import Testing

/// Against what AWS published; see the fixture.
@Suite struct SigV4Tests {
    struct Vector: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        var service: String?
        var host: String?
        let method: String
        let path: String
        var query: [[String]]?
        var headers: [[String]]?
        var body: String?
        var seconds: Int?
        let signature: String

        var testDescription: String { name }
        var isS3: Bool { service == "s3" }
        var hash: String { sha256Hex((body ?? "").utf8) }

        var signer: SigV4 {
            let credentials =
                isS3
                ? AWSCredentials(accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
                : AWSCredentials(accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
            // 2013-05-24 and 2015-08-30T12:36:00Z.
            let date = Date(timeIntervalSince1970: isS3 ? 1_369_353_600 : 1_440_938_160)
            return SigV4(credentials, region: "us-east-1", service: service ?? "service", date: date)
        }

        func request(payloadHash: String) -> SignableRequest {
            var all = (headers ?? []).map { (name: $0[0], value: $0[1]) }
            all.append(("Host", host ?? (isS3 ? "examplebucket.s3.amazonaws.com" : "example.amazonaws.com")))
            return SignableRequest(
                method, path: path, query: (query ?? []).map { (name: $0[0], value: $0[1]) }, headers: all,
                payloadHash: payloadHash)
        }
    }

    struct Vectors: Decodable {
        let headers: [Vector]
        let presigned: [Vector]
    }

    static let vectors: Vectors = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/sigv4.json")
        do { return try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: file)) } catch {
            preconditionFailure("the fixture cannot be read: \(error)")
        }
    }()

    @Test(arguments: vectors.headers) func headers(_ vector: Vector) {
        var request = vector.request(payloadHash: vector.hash)
        if vector.isS3 { request.headers.append(("x-amz-content-sha256", vector.hash)) }
        let added = vector.signer.headers(for: request)
        let authorization = added.first { $0.name == "authorization" }?.value ?? ""
        #expect(authorization.hasSuffix("Signature=" + vector.signature), "\(authorization)")
    }

    @Test(arguments: vectors.presigned) func presigned(_ vector: Vector) {
        let query = vector.signer.presignedQuery(
            for: vector.request(payloadHash: SigV4.unsignedPayload), seconds: vector.seconds ?? 0)
        #expect(query.hasSuffix("&X-Amz-Signature=" + vector.signature), "\(query)")
        #expect(query.contains("X-Amz-Expires=86400") && query.contains("us-east-1%2Fs3%2Faws4_request"))
    }

    @Test("a session's token is signed: in headers and in URLs")
    func sessionToken() {
        let credentials = AWSCredentials(accessKeyId: "id", secretAccessKey: "secret", sessionToken: "a/token+")
        let signer = SigV4(credentials, region: "eu-west-1", service: "s3")
        let request = SignableRequest("GET", path: "/", headers: [("host", "h")], payloadHash: SigV4.unsignedPayload)
        let headers = signer.headers(for: request)
        #expect(headers.contains { $0.name == "x-amz-security-token" && $0.value == "a/token+" })
        #expect(headers.last?.value.contains("SignedHeaders=host;x-amz-date;x-amz-security-token,") == true)
        #expect(signer.presignedQuery(for: request, seconds: 60).contains("&X-Amz-Security-Token=a%2Ftoken%2B&"))
    }

    @Test("what is printed of credentials is the key's id")
    func redaction() {
        let credentials = AWSCredentials(accessKeyId: "AKID", secretAccessKey: "hush", sessionToken: "hush")
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped, "\([credentials])"] {
            #expect(!text.contains("hush"), "\(text)")
        }
    }

    @Test func encoding() {
        #expect(percentEncode("a b+c/é~%") == "a%20b%2Bc%2F%C3%A9~%25")
        #expect(percentEncode("a b/c", keepingSlashes: true) == "a%20b/c")
        #expect(percentDecode("a%20b%2bc+%C3%A9") == "a b+c+é")
        #expect(percentDecode("a+b%2B", plusIsSpace: true) == "a b+")
        for wrong in ["%", "%2", "%zz", "%ff", "a%"] { #expect(percentDecode(wrong) == nil, "\(wrong)") }
    }

    @Test func times() {
        #expect(AWSTime.basic(Date(timeIntervalSince1970: 1_440_938_160)) == "20150830T123600Z")
        #expect(AWSTime.basic(Date(timeIntervalSince1970: 951_782_399)) == "20000228T235959Z")
        #expect(AWSTime.basic(Date(timeIntervalSince1970: 1_709_164_800)) == "20240229T000000Z")
        #expect(AWSTime.parse("2015-08-30T12:36:00Z")?.timeIntervalSince1970 == 1_440_938_160)
        #expect(AWSTime.parse("2015-08-30T12:36:00.250Z")?.timeIntervalSince1970 == 1_440_938_160.25)
        #expect(AWSTime.parseHTTP("Sun, 30 Aug 2015 12:36:00 GMT")?.timeIntervalSince1970 == 1_440_938_160)
        for wrong in ["", "2015-08-30", "2015-13-30T12:36:00Z", "2015-08-30T12:36:99Z", "99999999999999999999-08-30T12:36:00Z"] {
            #expect(AWSTime.parse(wrong) == nil, "\(wrong)")
        }
        #expect(AWSTime.parseHTTP("Sunday, 30-Aug-15 12:36:00 GMT") == nil)
    }
}
