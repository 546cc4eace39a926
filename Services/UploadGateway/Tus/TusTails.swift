import Catalog
import Events
import FoundationEssentials
import HTTPServer
import NIOCore
import ObjectStore

/// The bytes of an upload that do not fill a part yet. They are objects of their own, since a part that has been written cannot be
/// read again.
///
/// Each is named by its part and its size, and of several the largest counts: so a request that hangs, in whatever process, takes nothing
/// back of what a later one has brought. Both have the same bytes for the same place.
struct TusTails: Sendable {
    static let prefix = "system/tus/tails/"
    /// More there are only where requests without number hang.
    private static let most = 1000

    let store: any ObjectStore

    /// How many bytes there are of a part.
    func size(_ id: MediaID, part: Int) async throws -> Int64 {
        let start = Self.start(id, part)
        return try await store.list(prefix: start, startAfter: nil, limit: Self.most).map { tail in
            // What is in the name and not in the object is none of ours.
            Int64(tail.key.dropFirst(start.count)) == tail.size ? tail.size : 0
        }.max() ?? 0
    }

    /// - Returns: nothing where another writer has gone on from there.
    func read(_ id: MediaID, part: Int, size: Int64) async throws -> ByteBuffer {
        do { return try await store.readAll(Self.key(id, part, size), limit: Int(size)) } catch  where error.code == .notFound {
            return ByteBuffer()
        }
    }

    func write(_ id: MediaID, part: Int, _ bytes: ByteBuffer) async throws {
        try await store.put(
            Self.key(id, part, Int64(bytes.readableBytes)), bytes, contentType: "application/octet-stream")
    }

    /// Removes the one of this size; none there is no error.
    func remove(_ id: MediaID, part: Int, size: Int64) async throws { try await store.delete(Self.key(id, part, size)) }

    /// Removes all of an upload's.
    func remove(_ id: MediaID) async throws {
        for tail in try await store.list(prefix: "\(Self.prefix)\(id)", startAfter: nil, limit: Self.most) {
            try await store.delete(tail.key)
        }
    }

    /// The upload that a key here is about.
    static func id(of key: String) -> MediaID? { MediaID(String(key.dropFirst(prefix.count).prefix(36))) }

    private static func start(_ id: MediaID, _ part: Int) -> String { "\(prefix)\(id)/\(part)-" }
    private static func key(_ id: MediaID, _ part: Int, _ size: Int64) -> String { start(id, part) + "\(size)" }
}
