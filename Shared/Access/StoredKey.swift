import Events
import FoundationEssentials
import NIOCore
import ObjectStore

/// A key as `system/keys/{id}.json` holds it.
struct StoredKey: Codable, Sendable {
    let id: String
    let project: String
    let name: String
    /// Hexadecimal SHA-256 of the secret.
    let secretHash: String
    let createdAt: Date
    var revokedAt: Date?

    static let prefix = "system/keys/"
    static func location(of id: String) -> String { "\(prefix)\(id).json" }

    var key: APIKey { APIKey(id: id, project: project, name: name, createdAt: createdAt, revokedAt: revokedAt) }

    /// In constant time.
    func isSecret(of token: KeyToken) -> Bool {
        let (right, given) = (Array(secretHash.utf8), Array(hex(token.secretHash).utf8))
        guard right.count == given.count else { return false }
        return zip(right, given).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    func save(in store: any ObjectStore) async throws {
        let bytes = ByteBuffer(bytes: try EventCoding.encode(self))
        try await store.put(Self.location(of: id), bytes, contentType: "application/json")
    }

    /// - Returns: nil where there is no such key.
    static func load(_ id: String, from store: any ObjectStore) async throws -> StoredKey? {
        guard let bytes = try await bytes(of: id, in: store) else { return nil }
        guard let key = try? EventCoding.decode(StoredKey.self, from: Data(bytes.readableBytesView)), key.id == id else {
            throw AccessError(.damagedKey, "the record of key \(id) cannot be read")
        }
        return key
    }

    private static func bytes(of id: String, in store: any ObjectStore) async throws(StoreError) -> ByteBuffer? {
        do { return try await store.readAll(location(of: id), limit: 4096) } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }
}
