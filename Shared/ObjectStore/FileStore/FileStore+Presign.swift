package import FoundationEssentials

extension FileStore {
    /// `{publicURL}/files/{key}?expires=…&size=…&type=…&signature=…`; for a part `uploadId` and `partNumber` instead of the
    /// type. A lifetime of more than seven days is cut to that.
    package func presign(_ request: PresignRequest) async throws(StoreError) -> PresignedRequest {
        let terms = try UploadTerms(request, now: Date())
        let query = terms.query + [("signature", signature.sign(terms, method: "PUT"))]
        let text = query.map { "\($0.name)=\(percentEncode($0.value))" }.joined(separator: "&")
        return PresignedRequest(
            method: "PUT", url: "\(publicURL)/files/\(percentEncode(request.key, keepingSlashes: true))?\(text)",
            headers: terms.operation == .put ? ["Content-Type": terms.contentType] : [:],
            expiresAt: Date(timeIntervalSince1970: TimeInterval(terms.expires)))
    }

    /// Checks signature, expiry, method, key, size and type of a request that claims to be presigned.
    ///
    /// - Parameters:
    ///   - key: the path behind `/files/`, percent-decoded.
    ///   - query: percent-decoded names and values.
    package func verify(
        method: String, key: String, query: [(String, String)], contentType: String?, contentLength: Int64?, now: Date
    ) throws(PresignError) -> VerifiedUpload {
        let terms = try UploadTerms(key: key, query: query)
        let signatures = query.filter { $0.0 == "signature" }
        guard signatures.count == 1, signature.isValid(signatures[0].1, terms, method: method) else {
            throw PresignError(.badSignature, "the signature does not fit this request")
        }
        guard now.timeIntervalSince1970 < TimeInterval(terms.expires) else { throw PresignError(.expired, "the URL has expired") }
        guard let contentLength else { throw PresignError(.lengthRequired, "Content-Length is required") }
        guard contentLength == terms.size else {
            throw PresignError(.wrongSize, "\(terms.size) bytes were announced, not \(contentLength)")
        }
        guard terms.operation != .put || contentType?.lowercased() == terms.contentType.lowercased() else {
            throw PresignError(.wrongType, "Content-Type must be \(terms.contentType)")
        }
        return VerifiedUpload(terms)
    }
}

/// RFC 3986: everything but unreserved characters, byte by byte.
func percentEncode(_ text: String, keepingSlashes: Bool = false) -> String {
    var encoded: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case 48...57, 65...90, 97...122, 45, 46, 95, 126: encoded.append(byte)
        case 47 where keepingSlashes: encoded.append(byte)
        default: encoded += "%\(hex([byte]).uppercased())".utf8
        }
    }
    return String(decoding: encoded, as: UTF8.self)
}
