import Events
import FoundationEssentials
import NIOCore
import ObjectStore

/// The webhooks of all projects, in the object store at `system/webhooks/<project>/<id>.json`, so that they outlive Redis.
///
/// Reads go through a cache of a few seconds; what this process changes is seen at once.
struct WebhookStore: Sendable {
    static let limitPerProject = 50

    private let store: any ObjectStore
    private let cache: WebhookCache

    init(_ store: any ObjectStore, cacheFor lifetime: Duration = .seconds(3)) {
        self.store = store
        cache = WebhookCache(lifetime: lifetime)
    }

    /// The oldest first.
    func list(_ project: ProjectID) async throws -> [Webhook] {
        if let cached = cache.webhooks(of: project) { return cached }
        let generation = cache.generation
        var webhooks: [Webhook] = []
        // Two replicas that add at the same moment may pass the limit by one or two.
        for object in try await store.list(prefix: Self.prefix(project), startAfter: nil, limit: 2 * Self.limitPerProject) {
            if let webhook = try await load(object.key) { webhooks.append(webhook) }
        }
        webhooks.sort { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        cache.remember(webhooks, of: project, readAt: generation)
        return webhooks
    }

    func find(_ id: WebhookID) async throws -> Webhook? {
        try await list(id.project).first { $0.id == id.rawValue }
    }

    /// False when the project has as many as it may have.
    func add(_ webhook: Webhook) async throws -> Bool {
        cache.forget(webhook.projectId)
        guard try await list(webhook.projectId).count < Self.limitPerProject else { return false }
        try await save(webhook)
        return true
    }

    /// False when there was none.
    func remove(_ id: WebhookID) async throws -> Bool {
        // Not by reading it: one that cannot be read must go as well.
        guard try await store.head(Self.key(id)) != nil else { return false }
        try await store.delete(Self.key(id))
        cache.forget(id.project)
        return true
    }

    /// Ends the deliveries to a webhook, which stays to be seen. One that is gone stays gone.
    func disable(_ id: WebhookID) async throws {
        guard var webhook = try await load(Self.key(id)), webhook.disabledAt == nil else { return }
        webhook.disabledAt = Date()
        try await save(webhook)
    }

    private func save(_ webhook: Webhook) async throws {
        guard let id = WebhookID(webhook.id) else { return }
        let bytes = ByteBuffer(bytes: try EventCoding.encode(webhook))
        try await store.put(Self.key(id), bytes, contentType: "application/json")
        cache.forget(id.project)
    }

    private func load(_ key: String) async throws -> Webhook? {
        do {
            let bytes = try await store.readAll(key, limit: 16 << 10)
            return try EventCoding.decode(Webhook.self, from: Data(bytes.readableBytesView))
        } catch let error as StoreError where error.code == .notFound || error.code == .tooLarge {
            return nil
        } catch is DecodingError {
            // One file that cannot be read must not silence the project's others.
            return nil
        }
    }

    private static func prefix(_ project: ProjectID) -> String { "system/webhooks/\(project)/" }
    private static func key(_ id: WebhookID) -> String { prefix(id.project) + id.rawValue + ".json" }
}
