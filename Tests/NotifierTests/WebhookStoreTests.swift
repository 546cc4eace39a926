import Events
import FoundationEssentials
import HTTPServer
import NIOCore
import ObjectStore
import TestSupport
import Testing

@testable import Notifier

@Suite struct WebhookStoreTests {
    let directory = TemporaryDirectory()
    let project = Sample.project

    private func store(cacheFor lifetime: Duration = .seconds(60)) -> WebhookStore {
        WebhookStore(
            FileStore(root: directory.path, signingKey: Array(repeating: 1, count: 32), publicURL: "http://x"), cacheFor: lifetime
        )
    }

    private func webhook(in project: ProjectID? = nil) throws -> Webhook {
        let json = Data(#"{"projectId":"demo","url":"http://127.0.0.1/"}"#.utf8)
        return try EventCoding.decode(NewWebhook.self, from: json).webhook(in: project ?? self.project)
    }

    @Test func ownChangesAreSeenAtOnce() async throws {
        let store = store()
        #expect(try await store.list(project).isEmpty)
        let webhook = try webhook()
        let id = try #require(WebhookID(webhook.id))
        #expect(try await store.add(webhook))
        #expect(try await store.list(project).map(\.id) == [webhook.id])
        try await store.disable(id)
        #expect(try await store.find(id)?.wants("media.status") == false)
        #expect(try await store.remove(id))
        #expect(try await store.find(id) == nil)
        #expect(try await store.remove(id) == false)
        try await store.disable(id)
        #expect(try await store.list(project).isEmpty)
    }

    @Test func aFileThatCannotBeReadCanBeRemoved() async throws {
        let (store, webhook) = (store(), try webhook())
        let id = try #require(WebhookID(webhook.id))
        let key = "system/webhooks/\(project)/\(id.rawValue).json"
        #expect(try await store.add(webhook))
        let files = FileStore(root: directory.path, signingKey: [1], publicURL: "http://x")
        try await files.put(key, ByteBuffer(string: "{\"id\":"), contentType: "application/json")
        #expect(try await store.remove(id))
        #expect(try await files.head(key) == nil)
        #expect(try await store.list(project).isEmpty)
        #expect(try await !store.remove(id))
    }

    @Test func othersSeeThemWhenTheirCacheEnds() async throws {
        let (one, other) = (store(), store(cacheFor: .milliseconds(20)))
        #expect(try await other.list(project).isEmpty)
        let webhook = try webhook()
        #expect(try await one.add(webhook))
        try await eventually("the other store sees it") { try await other.list(project).map(\.secret) == [webhook.secret] }
    }

    @Test func projectsAreApart() async throws {
        let store = store()
        #expect(try await store.add(try webhook(in: Sample.projectID("demo-2"))))
        #expect(try await store.list(project).isEmpty)
    }

    @Test func aProjectHasAtMostFifty() async throws {
        let store = store()
        for _ in 0..<50 { #expect(try await store.add(try webhook())) }
        #expect(try await store.add(try webhook()) == false)
        #expect(try await store.list(project).count == 50)
    }

    @Test func manyAtOnceAreAllKept() async throws {
        let store = store()
        try await withThrowingTaskGroup { tasks in
            for _ in 0..<20 { tasks.addTask { _ = try await store.add(try self.webhook()) } }
            try await tasks.waitForAll()
        }
        #expect(try await store.list(project).count == 20)
    }
}
