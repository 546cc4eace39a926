import Events
import Messaging

/// A media's new status becomes one delivery for each webhook that wants it: slow endpoints then delay nobody else.
struct FanOut: Handler {
    let webhooks: WebhookStore

    func handle(_ incoming: Incoming<MediaStatusChanged>) async throws -> Commit {
        let event = incoming.event
        let outputs = try await webhooks.list(event.projectId).filter { $0.wants(MediaStatusChanged.name) }.map { webhook in
            // The id makes a second run produce the same event.
            try Output(
                Envelope(
                    delivery(of: incoming, to: webhook), id: "\(incoming.envelope.id).\(webhook.id)", source: "notifier",
                    trace: incoming.trace))
        }
        return outputs.isEmpty ? .nothing : Commit(event.mediaId, outputs: outputs)
    }

    private func delivery(of incoming: Incoming<MediaStatusChanged>, to webhook: Webhook) -> WebhookDelivery {
        WebhookDelivery(
            mediaId: incoming.event.mediaId, projectId: incoming.event.projectId, webhookId: webhook.id,
            eventId: incoming.envelope.id, eventType: MediaStatusChanged.name, payload: incoming.event)
    }
}
