import Catalog
import HTTPServer
import ObjectStore

/// Makes sure that an upload's object is in the store, whole and of the declared size.
struct UploadAssembly: Sendable {
    let store: any ObjectStore

    /// Puts the parts together where the upload came in parts. Safe to repeat, and to run at once in many places.
    /// - Throws: 409 `notUploaded` or `sizeMismatch`, 422 `invalidPart`.
    func assemble(_ upload: Upload, _ claimed: ClaimedParts?) async throws {
        guard let object = try await object(of: upload, claimed) else { throw Problem.notUploaded(missing: nil) }
        guard object.size == upload.size else {
            throw Problem.sizeMismatch(declared: upload.size, actual: object.size)
        }
    }

    /// Of many at once the first joins the parts; it takes them from under the others, who then find the object.
    private func object(of upload: Upload, _ claimed: ClaimedParts?) async throws -> ObjectInfo? {
        if let object = try await store.head(upload.key) { return object }
        do { return try await joined(upload, claimed) } catch {
            guard let object = try await store.head(upload.key) else { throw error }
            return object
        }
    }

    private func joined(_ upload: Upload, _ claimed: ClaimedParts?) async throws -> ObjectInfo? {
        guard let session = upload.session, let layout = upload.layout else { return nil }
        let arrived = try await store.parts(of: session.uploadId, key: upload.key)
        try claimed?.check(arrived)
        let missing = Set(1...layout.count).subtracting(arrived.map(\.number))
        guard missing.isEmpty else { throw Problem.notUploaded(missing: missing.sorted()) }
        let size = arrived.reduce(0) { $0 + $1.size }
        guard size == upload.size else { throw Problem.sizeMismatch(declared: upload.size, actual: size) }
        return try await store.completeMultipart(upload.key, uploadId: session.uploadId, parts: arrived)
    }
}
