package import FoundationEssentials

/// What is known of an API key; its secret is not part of it and kept nowhere.
package struct APIKey: Codable, Sendable, Hashable {
    /// 16 hexadecimal digits; not secret.
    package let id: String
    /// The project it opens, or `*` for every project (an operator's key).
    package let project: String
    /// What people call it.
    package let name: String
    package let createdAt: Date
    package let revokedAt: Date?

    package static let everyProject = "*"

    package func allows(_ project: String) -> Bool {
        self.project == Self.everyProject || self.project == project
    }
}
