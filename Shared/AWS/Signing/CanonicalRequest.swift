/// What is signed of an HTTP request.
package struct SignableRequest: Sendable {
    package var method: String
    /// The path as it is sent: percent-encoded.
    package var path: String
    /// Not encoded.
    package var query: [(name: String, value: String)]
    /// All headers to be signed, `host` among them.
    package var headers: [(name: String, value: String)]
    /// `sha256Hex` of the body, or `SigV4.unsignedPayload`.
    package var payloadHash: String

    package init(
        _ method: String, path: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)], payloadHash: String
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.payloadHash = payloadHash
    }
}

/// The one form of a request that both sides compute. Paths are not normalised: S3's keys may hold `//` and `..`.
struct CanonicalRequest {
    let text: String
    let signedHeaders: String
    /// Encoded and sorted.
    let query: String

    init(_ request: SignableRequest, service: String) {
        // S3 alone signs the path as it is sent; other services encode it once more.
        let path = service == "s3" ? request.path : percentEncode(request.path, keepingSlashes: true)
        query = canonicalQuery(request.query)
        let headers = Self.merged(request.headers)
        signedHeaders = headers.map(\.name).joined(separator: ";")
        let lines = headers.map { "\($0.name):\($0.value)\n" }.joined()
        text = [request.method, path, query, lines, signedHeaders, request.payloadHash].joined(separator: "\n")
    }

    /// Lowercase names in order, runs of blanks as one, values of one name joined in their order.
    private static func merged(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
        let values = headers.map { ($0.name.lowercased(), [trimmed($0.value)]) }
        let groups = Dictionary(values, uniquingKeysWith: +)
        return groups.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
            ($0.key, $0.value.joined(separator: ","))
        }
    }

    private static func trimmed(_ value: String) -> String {
        value.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
    }
}

/// Names and values encoded, then sorted by their bytes.
package func canonicalQuery(_ query: [(name: String, value: String)]) -> String {
    query.map { (percentEncode($0.name), percentEncode($0.value)) }
        .sorted { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0 < $1.0 }
        .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
}

/// RFC 3986: everything but unreserved characters, byte by byte.
package func percentEncode(_ text: String, keepingSlashes: Bool = false) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var encoded: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case 48...57, 65...90, 97...122, 45, 46, 95, 126: encoded.append(byte)
        case 47 where keepingSlashes: encoded.append(byte)
        default: encoded += [37, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: encoded, as: UTF8.self)
}

/// - Parameter plusIsSpace: as forms encode, and S3's listings and events.
/// - Returns: nil for what is not percent-encoded UTF-8.
package func percentDecode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
    var decoded: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        switch byte {
        case 43 where plusIsSpace: decoded.append(32)
        case 37:
            guard rest.count >= 2, let high = hexDigit(rest.removeFirst()), let low = hexDigit(rest.removeFirst()) else {
                return nil
            }
            decoded.append(high << 4 | low)
        default: decoded.append(byte)
        }
    }
    return String(validating: decoded, as: UTF8.self)
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
}
