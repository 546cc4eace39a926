import Events
import FoundationEssentials
import Messaging
import NIOCore
import ObjectStore

/// All attempts to make one stream, below a prefix that names the original and the recipe.
///
/// The same recipe does not make the same bytes on every host (threads, processors), and two workers may be at it at the same time, when one
/// was thought dead. So each attempt has a folder of its own, and who is the first to have all there leaves the only note, `note.json`.
/// Who comes later removes its folder and answers what the note says.
struct Attempts {
    let store: any ObjectStore
    /// Ends with a slash.
    let prefix: String
    /// Bytes of all that one attempt may publish.
    let limit: Int

    private var note: String { prefix + "note.json" }

    /// The result, where all of it is in the store.
    func finished() async throws -> TranscodeResult? {
        let bytes: ByteBuffer
        do throws(StoreError) {
            bytes = try await store.readAll(note, limit: 1 << 20)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
        return try EventCoding.decode(TranscodeResult.self, from: Data(bytes.readableBytesView))
    }

    func begin() -> Publication {
        Publication(
            store: store, prefix: prefix, attempt: String(UInt64.random(in: .min ... .max), radix: 36), limit: limit)
    }

    /// Leaves the note, if it is the first, and removes what other attempts have left; else what this one has.
    /// - Returns: what is to be answered.
    func conclude(_ publication: Publication, _ result: TranscodeResult) async throws -> TranscodeResult {
        if try await isThere(result) { try await leaveNote(result) }
        guard let first = try await finished() else { throw Failure.transient("what an attempt has published is gone") }
        if first.hls == result.hls {
            try? await remove(below: prefix, keeping: publication.prefix)
        } else {
            try? await remove(below: publication.prefix)
        }
        return first
    }

    /// Removes what unfinished attempts have left, unless one has come to its end.
    func clear() async throws {
        guard try await store.head(note) == nil else { return }
        try await remove(below: prefix)
    }

    /// False where somebody else has come to an end meanwhile, or has given the media up: the poster is put with the first stage, and
    /// never again.
    private func isThere(_ result: TranscodeResult) async throws -> Bool {
        guard let poster = result.poster else { return true }
        return try await store.head(poster) != nil
    }

    /// A note that is there already stays: an upload in parts never replaces an object.
    private func leaveNote(_ result: TranscodeResult) async throws {
        let bytes = ByteBuffer(bytes: try EventCoding.encode(result))
        var upload: String?
        do throws(StoreError) {
            let id = try await store.beginMultipart(note, contentType: "application/json")
            upload = id
            let part = try await store.putPart(1, of: id, key: note, bytes)
            _ = try await store.completeMultipart(note, uploadId: id, parts: [part])
        } catch {
            if let upload { try? await store.abortMultipart(note, uploadId: upload) }
            guard error.code == .alreadyExists else { throw error }
        }
    }

    /// - Parameter folder: what is not removed, nor is the note.
    private func remove(below start: String, keeping folder: String? = nil) async throws {
        var last: String?
        while true {
            let page = try await store.list(prefix: start, startAfter: last, limit: 1000)
            guard let end = page.last else { return }
            for object in page where object.key != note && !(folder.map { object.key.hasPrefix($0) } ?? false) {
                try await store.delete(object.key)
            }
            last = end.key
        }
    }
}
