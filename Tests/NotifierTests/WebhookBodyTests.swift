import Events
import FoundationEssentials
import Testing

@testable import Notifier

@Suite struct WebhookBodyTests {
    private func delivery(_ payload: MediaStatusChanged) -> WebhookDelivery {
        WebhookDelivery(
            mediaId: payload.mediaId, projectId: payload.projectId, webhookId: "wh", eventId: "e", eventType: "media.status",
            payload: payload)
    }

    @Test func carriesTypeTimeAndLinks() throws {
        let media = MediaID.generate()
        let bytes = try WebhookBody.encode(delivery(Sample.status(media)), publicURL: "https://cdn.test")
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasSuffix(#""timestamp":"2023-11-14T22:13:20.250Z","type":"media.status"}"#))
        #expect(text.contains("https://cdn.test/files/projects/demo/\(media)/derived/thumb-320.webp"))
        #expect(try WebhookBody.encode(delivery(Sample.status(media)), publicURL: "https://cdn.test") == bytes)
    }

    @Test func staysBelowTheLimit() throws {
        var status = Sample.status()
        status.processed.lqip = String(repeating: "x", count: 15_000)
        let variant = try #require(status.processed.thumbnails.first)
        status.processed.thumbnails = Array(repeating: variant, count: 30)
        let bytes = try WebhookBody.encode(delivery(status), publicURL: "https://cdn.test")
        #expect(bytes.count <= 20_000)
        #expect(String(decoding: bytes, as: UTF8.self).contains("thumb-320"))
        status.processed.thumbnails = Array(repeating: variant, count: 500)
        #expect(try WebhookBody.encode(delivery(status), publicURL: "https://cdn.test").count <= 20_000)
    }
}
