import Events
import FoundationEssentials
package import ObjectStore

/// The API keys, which live in the object store under `system/keys/`: hashed, so that who reads the store cannot use them.
package struct KeyRing: Sendable {
    private let store: any ObjectStore
    private let pageSize: Int
    let cache: KeyCache

    /// - Parameter cacheFor: how long an answer of the store is believed, thus how long a key that another process revoked
    ///   still opens doors.
    package init(store: any ObjectStore, cacheFor: Duration = .seconds(5)) {
        self.init(store: store, cacheFor: cacheFor, pageSize: 500)
    }

    init(
        store: any ObjectStore, cacheFor: Duration = .zero, pageSize: Int = 500,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.store = store
        self.pageSize = pageSize
        cache = KeyCache(lifetime: cacheFor, now: now)
    }

    /// Makes a key. Its token is shown this once: it cannot be had again.
    ///
    /// - Parameters:
    ///   - project: a project's id, or `*` for every project.
    ///   - name: 1 to 100 characters without control characters.
    /// - Throws: `AccessError` for a bad project or name, else `StoreError`.
    package func create(project: String, name: String) async throws -> (key: APIKey, token: String) {
        guard project == APIKey.everyProject || ProjectID(project) != nil else {
            throw AccessError(.invalidProject, "a project is 1 to 63 of a-z, 0-9 and -, or * for all")
        }
        guard (1...100).contains(name.count), name.utf8.count <= 400,
            !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw AccessError(.invalidName, "a key's name has 1 to 100 characters, no control characters") }
        let token = KeyToken.generate()
        let stored = StoredKey(
            id: token.id, project: project, name: name, secretHash: hex(token.secretHash), createdAt: Self.now())
        try await stored.save(in: store)
        cache.remember(stored, for: token.id)
        return (stored.key, token.text)
    }

    /// Closes a key for ever; the first time of it stays when repeated.
    /// - Throws: `AccessError` `.unknownKey`, else `StoreError`.
    package func revoke(id: String) async throws -> APIKey {
        guard KeyToken.isID(id), var stored = try await StoredKey.load(id, from: store) else {
            throw AccessError(.unknownKey, "there is no such key")
        }
        if stored.revokedAt == nil {
            stored.revokedAt = Self.now()
            try await stored.save(in: store)
        }
        cache.remember(stored, for: id)
        return stored.key
    }

    /// Every key, revoked ones too, the oldest first.
    package func list() async throws -> [APIKey] {
        var keys: [APIKey] = []
        var last: String?
        repeat {
            let page = try await store.list(prefix: StoredKey.prefix, startAfter: last, limit: pageSize)
            last = page.last?.key
            for object in page {
                guard let id = Self.id(of: object), let stored = try await StoredKey.load(id, from: store) else { continue }
                keys.append(stored.key)
            }
        } while last != nil
        return keys.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// The key that a token opens with.
    ///
    /// A malformed token never reaches the store; the secret is compared in constant time.
    /// - Returns: nil for an unknown, revoked or malformed one.
    /// - Throws: `StoreError` when the store cannot say, `AccessError` `.damagedKey`.
    package func authenticate(_ token: String) async throws -> APIKey? {
        guard let token = KeyToken(token), let stored = try await find(token.id) else { return nil }
        return stored.isSecret(of: token) && stored.revokedAt == nil ? stored.key : nil
    }

    /// Whether a key that opened a door may still be behind it: false once it is revoked.
    package func isLiving(_ key: APIKey) async throws -> Bool {
        guard let stored = try await find(key.id) else { return false }
        return stored.revokedAt == nil
    }

    private func find(_ id: String) async throws -> StoredKey? {
        if let answer = cache.answer(for: id) { return answer }
        let stored = try await StoredKey.load(id, from: store)
        cache.remember(stored, for: id)
        return stored
    }

    private static func id(of object: ObjectInfo) -> String? {
        let id = String(object.key.dropFirst(StoredKey.prefix.count).prefix(16))
        return KeyToken.isID(id) && object.key == StoredKey.location(of: id) ? id : nil
    }

    /// In whole milliseconds, as it is stored.
    private static func now() -> Date { Date(timeIntervalSince1970: (Date().timeIntervalSince1970 * 1000).rounded(.down) / 1000) }
}
