import Catalog
import Crypto
package import Events
import FoundationEssentials
package import ObjectStore
import Recovery

extension Arrivals {
    /// The media that an object of another tool is or will be: the same each time it is seen, another one when it has been
    /// overwritten. Its time is the object's, so that listings are in order; the rest nobody can guess.
    package func media(of object: ObjectInfo, in project: ProjectID) async throws -> MediaKeys {
        // A store's HEAD tells whole seconds, its listing may tell more.
        let time = Date(timeIntervalSince1970: object.modifiedAt.timeIntervalSince1970.rounded(.down))
        let text = "\(project)\n\(object.key)\n\(object.etag)\n\(object.size)"
        let code = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: try await secret.value())
        return MediaKeys(projectId: project, mediaId: .derived(from: code, at: time))
    }

    /// Makes a media of an object of another tool, which stays as it is. The original is a copy: whatever the tool does later to its
    /// own, the media has the bytes it was made of.
    package func ingest(_ object: ObjectInfo, into project: ProjectID) async throws -> Outcome {
        guard object.size > 0 else { return .foreign }
        let keys = try await media(of: object, in: project)
        guard try await !isKnown(keys) else { return .known(keys) }
        let name = object.key.split(separator: "/").last.map(String.init) ?? ""
        let original = keys.original(fileName: name)
        do {
            let copy = try await copies.share(original) { try await copied(object, to: original) }
            return try await recovery.bringBack(keys, original: copy) == .mended ? .begun(keys) : .known(keys)
        } catch let error as StoreError where error.code == .notFound {
            return .gone
        }
    }

    /// It is not made twice: the work on it may have begun. What was overwritten meanwhile is another media. It goes on when who has asked
    /// does not wait any longer, for the next one asks for it again.
    private func copied(_ object: ObjectInfo, to key: String) async throws(StoreError) -> ObjectInfo {
        if let copy = try await store.head(key), copy.size == object.size { return copy }
        do {
            // Some listings tell no tags.
            let etag = object.etag.isEmpty ? nil : object.etag
            return try await store.copy(object.key, to: key, ifMatch: etag, replacing: false)
        } catch {
            // Another replica was faster.
            guard error.code == .alreadyExists, let copy = try await store.head(key) else { throw error }
            return copy
        }
    }

    /// Whether there is nothing to do for it any more. Who was interrupted between copy and commit begins anew.
    package func isKnown(_ keys: MediaKeys) async throws -> Bool { try await catalog.entry(keys.mediaId) != nil }
}
