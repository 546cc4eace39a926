import AWS
package import FoundationEssentials

/// A URL that anybody may use, with exactly the headers that were signed into it.
package struct S3PresignedURL: Sendable, Hashable {
    package let url: String
    package let expiresAt: Date
}

extension S3Client {
    /// The longest that a presigned URL may live: seven days.
    package static let longestLifetime = Duration.seconds(604_800)

    /// Needs no exchange with the store. The URL ends with temporary credentials, should these end earlier.
    /// - Parameter headers: what the client must send as it is, besides `Host`.
    package func presign(
        _ method: String, _ key: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], lifetime: Duration
    ) async throws(S3Error) -> S3PresignedURL {
        let seconds = Int(max(1, min(lifetime, Self.longestLifetime) / .seconds(1)).rounded(.up))
        let (path, host) = location.target(of: key, at: location.publicEndpoint)
        let request = SignableRequest(
            method, path: path, query: query, headers: headers + [("host", host)], payloadHash: SigV4.unsignedPayload)
        let credentials = try await currentCredentials()
        // Whole seconds, as the URL tells them.
        let date = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
        let signer = SigV4(credentials, region: location.region, service: "s3", date: date)
        let end = date.addingTimeInterval(TimeInterval(seconds))
        return S3PresignedURL(
            url: "\(location.publicEndpoint.scheme)://\(host)\(path)?\(signer.presignedQuery(for: request, seconds: seconds))",
            expiresAt: min(end, credentials.expiresAt ?? end))
    }
}
