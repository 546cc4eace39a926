import Crypto
package import FoundationEssentials

/// AWS Signature Version 4, in headers and in the query of a URL.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
package struct SigV4: Sendable {
    /// For bodies that the signature does not cover: those of presigned URLs.
    package static let unsignedPayload = "UNSIGNED-PAYLOAD"
    private static let algorithm = "AWS4-HMAC-SHA256"

    private let credentials: AWSCredentials
    private let region: String
    private let service: String
    private let time: String

    /// - Parameter service: as AWS names it in signatures, for example `s3` or `sqs`.
    package init(_ credentials: AWSCredentials, region: String, service: String, date: Date = Date()) {
        self.credentials = credentials
        self.region = region
        self.service = service
        time = AWSTime.basic(date)
    }

    /// The headers to add to a request: `x-amz-date`, `authorization` and, with temporary credentials, `x-amz-security-token`.
    ///
    /// All headers of the request are signed, so it must be sent as it is.
    package func headers(for request: SignableRequest) -> [(name: String, value: String)] {
        var added = [(name: "x-amz-date", value: time)]
        if let token = credentials.sessionToken { added.append(("x-amz-security-token", token)) }
        var request = request
        request.headers += added
        let canonical = CanonicalRequest(request, service: service)
        let credential = "Credential=\(credentials.accessKeyId)/\(scope)"
        let value = "\(credential), SignedHeaders=\(canonical.signedHeaders), Signature=\(signature(canonical))"
        added.append(("authorization", "\(Self.algorithm) \(value)"))
        return added
    }

    /// The whole query, encoded, with which anybody may send the request: with exactly its headers, within `seconds`.
    package func presignedQuery(for request: SignableRequest, seconds: Int) -> String {
        var request = request
        request.query += [
            ("X-Amz-Algorithm", Self.algorithm), ("X-Amz-Credential", "\(credentials.accessKeyId)/\(scope)"),
            ("X-Amz-Date", time), ("X-Amz-Expires", "\(seconds)"),
            ("X-Amz-SignedHeaders", CanonicalRequest(request, service: service).signedHeaders),
        ]
        if let token = credentials.sessionToken { request.query.append(("X-Amz-Security-Token", token)) }
        let canonical = CanonicalRequest(request, service: service)
        return "\(canonical.query)&X-Amz-Signature=\(signature(canonical))"
    }

    private var scope: String { "\(time.prefix(8))/\(region)/\(service)/aws4_request" }

    private func signature(_ request: CanonicalRequest) -> String {
        let text = [Self.algorithm, time, scope, hex(SHA256.hash(data: Array(request.text.utf8)))].joined(separator: "\n")
        let parts = [String(time.prefix(8)), region, service, "aws4_request", text]
        return hex(parts.reduce(Array("AWS4\(credentials.secretAccessKey)".utf8)) { Self.hmac($0, $1) })
    }

    private static func hmac(_ key: [UInt8], _ text: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }
}

/// The lowercase hexadecimal SHA-256 of a body, for `SignableRequest.payloadHash`.
package func sha256Hex(_ bytes: some Sequence<UInt8>) -> String { hex(SHA256.hash(data: Array(bytes))) }

func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: text, as: UTF8.self)
}
