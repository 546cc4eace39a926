import FoundationEssentials
package import S3

extension S3Store {
    /// A URL of the store itself. Size and, for a whole object, type and `If-None-Match: *` are part of the signature.
    package func presign(_ request: PresignRequest) async throws(StoreError) -> PresignedRequest {
        let name = try full(request.key)
        guard request.size >= 0 else { throw StoreError(.invalidRequest, "a negative size") }
        var query: [(name: String, value: String)] = []
        var sent: [String: String] = [:]
        switch request.operation {
        case .put:
            try ContentType.validate(request.contentType)
            sent = ["Content-Type": request.contentType, "If-None-Match": "*"]
        case .putPart(let id, let number):
            guard (1...10_000).contains(number), !id.isEmpty else { throw StoreError(.invalidRequest, "no part of an upload") }
            query = [("partNumber", "\(number)"), ("uploadId", id)]
        }
        let headers = sent.map { (name: $0.key, value: $0.value) } + [("Content-Length", "\(request.size)")]
        let (signedQuery, lifetime) = (query, request.lifetime)
        let signed = try await translating { () async throws(S3Error) in
            try await client.presign("PUT", name, query: signedQuery, headers: headers, lifetime: lifetime)
        }
        return PresignedRequest(method: "PUT", url: signed.url, headers: sent, expiresAt: signed.expiresAt)
    }

    /// A URL with which anybody may read an object, in ranges as well.
    /// - Parameters:
    ///   - headers: what the store answers in place of its own: `response-content-type`, `response-cache-control`, …
    package func presignRead(
        _ key: String, answering headers: [(name: String, value: String)] = [], method: String = "GET", lifetime: Duration
    ) async throws(StoreError) -> S3PresignedURL {
        let name = try full(key)
        return try await translating { () async throws(S3Error) in
            try await client.presign(method, name, query: headers, lifetime: lifetime)
        }
    }
}
