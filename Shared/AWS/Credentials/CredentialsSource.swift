import HTTPClient

/// Where credentials come from.
///
/// The order is that of AWS's own tools: keys in the environment, a web identity token, the profile's files.
package enum CredentialsSource: Sendable {
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and perhaps `AWS_SESSION_TOKEN`, or keys in files of one line each, named by
    /// `AWS_ACCESS_KEY_ID_FILE` and `AWS_SECRET_ACCESS_KEY_FILE`, as Docker and Kubernetes mount secrets.
    case keys(AWSCredentials)
    case keyFiles(id: String, secret: String)
    /// A role that is taken with a token that an identity provider signed (IRSA on Kubernetes).
    case webIdentity(WebIdentity)
    /// A profile of the shared credentials and configuration files.
    case profile(SharedProfile)

    /// - Throws: when half of what is needed is there, so that a typing error is not passed over.
    package static func find(in environment: [String: String]) throws(CredentialsError) -> CredentialsSource {
        let value = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let id = value("AWS_ACCESS_KEY_ID") {
            guard let secret = value("AWS_SECRET_ACCESS_KEY") else {
                throw CredentialsError("AWS_SECRET_ACCESS_KEY is required too")
            }
            return .keys(AWSCredentials(accessKeyId: id, secretAccessKey: secret, sessionToken: value("AWS_SESSION_TOKEN")))
        }
        if let id = value("AWS_ACCESS_KEY_ID_FILE") {
            guard let secret = value("AWS_SECRET_ACCESS_KEY_FILE") else {
                throw CredentialsError("AWS_SECRET_ACCESS_KEY_FILE is required too")
            }
            return .keyFiles(id: id, secret: secret)
        }
        if let file = value("AWS_WEB_IDENTITY_TOKEN_FILE") {
            guard let role = value("AWS_ROLE_ARN") else { throw CredentialsError("AWS_ROLE_ARN is required too") }
            return .webIdentity(WebIdentity(tokenFile: file, role: role, environment))
        }
        return .profile(SharedProfile(environment))
    }

    func load(_ http: HTTPClient) async throws(CredentialsError) -> AWSCredentials {
        switch self {
        case .keys(let credentials): return credentials
        case .keyFiles(let id, let secret):
            return AWSCredentials(accessKeyId: try readLine(of: id), secretAccessKey: try readLine(of: secret))
        case .webIdentity(let identity): return try await identity.assumeRole(http)
        case .profile(let profile):
            if let identity = profile.webIdentity { return try await identity.assumeRole(http) }
            return try profile.credentials()
        }
    }

    /// Whether what `load` answers may change: files are looked at again now and then.
    var mayChange: Bool { if case .keys = self { false } else { true } }
}
