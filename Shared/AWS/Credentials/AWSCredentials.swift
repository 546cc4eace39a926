package import FoundationEssentials

/// Keys for signing. Nothing that prints them shows more than the access key's id.
package struct AWSCredentials: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package let accessKeyId: String
    package let secretAccessKey: String
    /// With temporary credentials.
    package let sessionToken: String?
    /// Nil where they last.
    package let expiresAt: Date?

    package init(accessKeyId: String, secretAccessKey: String, sessionToken: String? = nil, expiresAt: Date? = nil) {
        self.accessKeyId = accessKeyId
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiresAt = expiresAt
    }

    package var description: String { "<credentials \(accessKeyId)>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why there are no credentials.
package struct CredentialsError: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
