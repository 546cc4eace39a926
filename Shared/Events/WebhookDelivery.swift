/// One subscriber is to be told of one event. The retry schedule lives in the bus, one entry for each subscriber,
/// so that a slow one delays nobody else.
package struct WebhookDelivery: Event {
    package static let name = "webhook.delivery"
    package static let stream = Stream.webhookDelivery

    package let mediaId: MediaID
    package let projectId: ProjectID
    package let webhookId: String
    /// The `webhook-id` header: the id of the event that is delivered, the same on every attempt.
    package let eventId: String
    /// For example `media.status`.
    package let eventType: String
    package let payload: MediaStatusChanged

    package init(
        mediaId: MediaID, projectId: ProjectID, webhookId: String, eventId: String, eventType: String, payload: MediaStatusChanged
    ) {
        self.mediaId = mediaId
        self.projectId = projectId
        self.webhookId = webhookId
        self.eventId = eventId
        self.eventType = eventType
        self.payload = payload
    }
}
