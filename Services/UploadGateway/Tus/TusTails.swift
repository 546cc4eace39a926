import Catalog
import Events
import FoundationEssentials
import HTTPServer
import NIOCore
import ObjectStore

/// The bytes of an upload that do not fill a part yet. They are an object of their own, since a part that has been written cannot be
/// read again; its type says which part it is the beginning of, so that one that was overtaken is not mistaken for the next.
struct TusTails: Sendable {
    static let prefix = "system/tus/tails/"

    let store: any ObjectStore

    /// How many bytes there are of a part.
    func size(_ id: MediaID, part: Int) async throws -> Int64 {
        guard let tail = try await store.head(Self.key(id)), tail.contentType == Self.type(part) else { return 0 }
        return tail.size
    }

    func read(_ id: MediaID, part: Int, limit: Int64) async throws -> ByteBuffer {
        guard try await size(id, part: part) > 0 else { return ByteBuffer() }
        return try await store.readAll(Self.key(id), limit: Int(limit))
    }

    func write(_ id: MediaID, part: Int, _ bytes: ByteBuffer) async throws {
        try await store.put(Self.key(id), bytes, contentType: Self.type(part))
    }

    func remove(_ id: MediaID) async throws { try await store.delete(Self.key(id)) }

    private static func key(_ id: MediaID) -> String { prefix + id.rawValue }
    private static func type(_ part: Int) -> String { "application/x-part-\(part)" }
}
