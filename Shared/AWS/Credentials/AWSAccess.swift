package import HTTPClient

/// What AWS's variables say of reaching a service: with which credentials, and whose certificates are believed (`AWS_CA_BUNDLE`).
package struct AWSAccess: Sendable {
    package let http: HTTPClient
    package let credentials: CredentialsProvider

    /// - Throws: what is wrong with the credentials' variables; whether there are any is seen when they are needed.
    package init(_ environment: [String: String]) throws(CredentialsError) {
        var options = HTTPClientOptions()
        options.connectTimeout = .seconds(5)
        options.authorityFile = environment["AWS_CA_BUNDLE"].flatMap { $0.isEmpty ? nil : $0 }
        http = HTTPClient(options)
        credentials = CredentialsProvider(try CredentialsSource.find(in: environment), http: http)
    }
}

extension AWSCredentials {
    private static let refusals: Set = [
        "ExpiredToken", "ExpiredTokenException", "InvalidToken", "InvalidAccessKeyId", "TokenRefreshRequired",
        "InvalidClientTokenId", "UnrecognizedClientException",
    ]

    /// Whether a service's error of this name is about the credentials, so that others may do better.
    package static func areRefused(by code: String) -> Bool { refusals.contains(code) }
}
