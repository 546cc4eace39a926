import Events
import FoundationEssentials

/// What a subscriber receives: the same bytes on every attempt.
struct WebhookBody: Encodable {
    let type: String
    let timestamp: Date
    let data: MediaStatusChanged

    static let limit = 20_000

    /// At most 20,000 bytes: what is long and can be had from the status is left out before that is exceeded.
    static func encode(_ delivery: WebhookDelivery, publicURL: String) throws -> [UInt8] {
        var media = delivery.payload.linked(publicURL: publicURL)
        var bytes: [UInt8] = []
        for shorten in shortenings {
            shorten(&media)
            bytes = Array(
                try EventCoding.encode(WebhookBody(type: delivery.eventType, timestamp: delivery.payload.changedAt, data: media)))
            if bytes.count <= limit { break }
        }
        return bytes
    }

    private static let shortenings: [@Sendable (inout MediaStatusChanged) -> Void] = [
        { _ in },
        { $0.processed.lqip = nil },
        { $0.processed.thumbnails = [] },
        { $0.warnings = [] },
    ]
}
