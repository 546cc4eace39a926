import Events
import FoundationEssentials
import HTTPClient
import Logging
import Messaging
import Metrics
import ObjectStore

/// Posts one event to one webhook. The bus repeats it by the schedule until it is delivered or given up.
struct Deliver: Handler {
    let webhooks: WebhookStore
    let client: HTTPClient
    let publicURL: String
    var schedule = DeliverySchedule.standard
    var timeout: Duration = .seconds(15)
    let logger: Logger

    func handle(_ incoming: Incoming<WebhookDelivery>) async throws -> Commit {
        let delivery = incoming.event
        guard let id = WebhookID(delivery.webhookId), let webhook = try await webhook(id),
            webhook.wants(delivery.eventType)
        else { return .nothing }
        let verdict = try await post(incoming, to: webhook)
        switch verdict {
        case .delivered: count("delivered")
        case .gone:
            count("gone")
            try await webhooks.disable(id)
            logger.notice("webhook disabled: its endpoint answered 410", metadata: ["webhookId": "\(webhook.id)"])
        case .failed(let status, let retryAfter):
            count("refused")
            throw failure("the endpoint answered \(status)", incoming.attempt, webhook, retryAfter)
        }
        return .nothing
    }

    /// The store being away is waited out here: it must not use up the endpoint's attempts.
    private func webhook(_ id: WebhookID) async throws -> Webhook? {
        var backOff = BackOff()
        while true {
            do { return try await webhooks.find(id) } catch let error as StoreError where error.isTransient {
                await backOff.wait(logger, "cannot read the webhooks", error)
                try Task.checkCancellation()
            }
        }
    }

    private func post(_ incoming: Incoming<WebhookDelivery>, to webhook: Webhook) async throws -> DeliveryVerdict {
        let request = try request(incoming, to: webhook)
        do throws(HTTPClientError) {
            let response = try await client.stream(request)
            let verdict = DeliveryVerdict(response)
            // Read to its end, a short answer leaves the connection usable; nothing in it matters.
            do { for try await _ in response.chunks {} } catch { logger.debug("the answer broke off") }
            return verdict
        } catch {
            switch error.code {
            case .cancelled: throw CancellationError()
            case .invalidRequest: throw Failure.permanent("\(webhook.id): \(error)")
            case .addressRefused:
                count("internal")
                throw Failure.permanent("\(webhook.id): \(error); MILLRACE_WEBHOOK_ALLOW_PRIVATE=true would allow it")
            default:
                count("unreachable")
                throw failure("\(error.code.rawValue): \(error)", incoming.attempt, webhook, nil)
            }
        }
    }

    private func request(_ incoming: Incoming<WebhookDelivery>, to webhook: Webhook) throws -> HTTPClient.Request {
        let delivery = incoming.event
        guard let secret = SigningSecret(webhook.secret) else { throw Failure.permanent("\(webhook.id) has no usable secret") }
        let body = try WebhookBody.encode(delivery, publicURL: publicURL)
        let timestamp = Int(Date().timeIntervalSince1970)
        let headers = [
            ("Content-Type", "application/json"),
            ("traceparent", incoming.trace.rawValue),
            ("webhook-id", delivery.eventId),
            ("webhook-timestamp", "\(timestamp)"),
            ("webhook-signature", secret.signature(id: delivery.eventId, timestamp: timestamp, body: body)),
        ]
        return .init("POST", webhook.url, headers: headers, body: .bytes(body), timeout: timeout, maxResponseBytes: 64 << 10)
    }

    private func failure(_ reason: String, _ attempt: Int, _ webhook: Webhook, _ retryAfter: Duration?) -> Failure {
        .transient("\(webhook.id): \(reason)", retryAfter: schedule.delay(after: attempt, retryAfter: retryAfter))
    }

    private func count(_ outcome: String) {
        Counter(label: "millrace_webhook_attempts_total", dimensions: [("outcome", outcome)]).increment()
    }
}
