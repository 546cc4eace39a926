import Events
import HTTPServer
import Testing

@testable import Notifier

@Suite struct NewWebhookTests {
    @Test(arguments: [
        "https://example.org", "http://example.org:8080/hook?a=b", "http://127.0.0.1:9/x", "https://[::1]/x",
        "HTTPS://EXAMPLE.ORG/",
        "https://example.org/" + String(repeating: "a", count: 2028),
    ])
    func deliverable(url: String) { #expect(NewWebhook.isDeliverable(url)) }

    @Test(arguments: [
        "", "example.org", "//example.org", "ftp://example.org", "file:///etc/passwd", "https://", "https:///path",
        "https://user@example.org", "https://user:pass@example.org", "https://@example.org", "https://exa mple.org",
        "https://example.org/\r\nX: 1", "https://example.org\\@evil.org", "https://example.org:0/", "https://example.org:99999/",
        "https://exämple.org/", "javascript:alert(1)", "https://example.org/" + String(repeating: "a", count: 2029),
    ])
    func undeliverable(url: String) { #expect(!NewWebhook.isDeliverable(url)) }

    @Test func ids() throws {
        let project = try #require(ProjectID("my-project"))
        let id = WebhookID.generate(for: project)
        #expect(WebhookID(id.rawValue) == id)
        #expect(id.project == project)
        #expect(id != WebhookID.generate(for: project))
        let bad = [
            "", "wh_", "wh_demo", "wh_demo_12", "wh_../x_0123456789abcdef01234567", "wh__0123456789abcdef01234567",
            "wh_demo_0123456789ABCDEF01234567", "wh_demo_0123456789abcdef01234567/..", "x_demo_0123456789abcdef01234567",
        ]
        for text in bad { #expect(WebhookID(text) == nil, "\(text)") }
    }
}
