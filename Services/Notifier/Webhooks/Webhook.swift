import Events
import FoundationEssentials

/// A subscriber's endpoint, as it lies in the object store. The secret must be there in clear, because each delivery is
/// signed with it: the store has to be private.
struct Webhook: Codable, Sendable {
    let id: String
    let projectId: ProjectID
    let url: String
    /// The event types it is told of.
    let eventTypes: [String]
    let description: String?
    /// `whsec_` and the Base64 of the key.
    let secret: String
    let createdAt: Date
    /// Set when the endpoint answered 410: nothing is delivered any more.
    var disabledAt: Date?

    /// Every type there is to subscribe to.
    static let knownEventTypes = [MediaStatusChanged.name]

    func wants(_ eventType: String) -> Bool { disabledAt == nil && eventTypes.contains(eventType) }
}

/// A webhook as the API shows it: its secret only in the answer that created it.
struct WebhookView: Codable, Sendable {
    let id: String
    let url: String
    let projectId: ProjectID
    let eventTypes: [String]
    let description: String?
    let createdAt: Date
    let disabledAt: Date?
    let secret: String?

    init(_ webhook: Webhook, showSecret: Bool = false) {
        id = webhook.id
        url = webhook.url
        projectId = webhook.projectId
        eventTypes = webhook.eventTypes
        description = webhook.description
        createdAt = webhook.createdAt
        disabledAt = webhook.disabledAt
        secret = showSecret ? webhook.secret : nil
    }
}
