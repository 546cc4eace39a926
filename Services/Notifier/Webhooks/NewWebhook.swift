import Events
import FoundationEssentials
import HTTPServer

/// The body of `POST /api/v2/webhooks`.
struct NewWebhook: Decodable {
    let projectId: String
    let url: String
    let eventTypes: [String]?
    let description: String?

    /// - Throws: 422 `invalidField` for whatever cannot be subscribed.
    func webhook(in project: ProjectID) throws(Problem) -> Webhook {
        guard Self.isDeliverable(url) else {
            throw .invalidField(
                "url", "url must be an http or https address with a host, without credentials, of at most 2048 characters.")
        }
        guard (description ?? "").utf8.count <= 500 else {
            throw .invalidField("description", "description must have at most 500 bytes.")
        }
        return Webhook(
            id: WebhookID.generate(for: project).rawValue, projectId: project, url: url, eventTypes: try types(),
            description: description, secret: SigningSecret.generate().text, createdAt: Date(), disabledAt: nil)
    }

    private func types() throws(Problem) -> [String] {
        let wanted = eventTypes ?? Webhook.knownEventTypes
        guard !wanted.isEmpty, wanted.allSatisfy(Webhook.knownEventTypes.contains) else {
            throw .invalidField("eventTypes", "eventTypes may hold: \(Webhook.knownEventTypes.joined(separator: ", ")).")
        }
        return Webhook.knownEventTypes.filter(wanted.contains)
    }

    static func isDeliverable(_ text: String) -> Bool {
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") }),
            let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), let host = parts.host
        else { return false }
        return ["http", "https"].contains(scheme) && !host.isEmpty && parts.user == nil && parts.password == nil
            && (parts.port.map { (1...65535).contains($0) } ?? true)
    }
}
