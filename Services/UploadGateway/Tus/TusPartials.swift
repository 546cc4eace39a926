import Catalog
import Events
import FoundationEssentials
import HTTPServer
import NIOCore
import ObjectStore

/// Uploads that are pieces of a larger one. They are no media, so the catalog does not know them: a note in the store does.
struct TusPartials: Sendable {
    static let prefix = "system/tus/partial/"

    private struct Note: Codable {
        let projectId: ProjectID
        let size: Int64
        let uploadId: String
        let partSize: Int64
        let expiresAt: Date
    }

    let store: any ObjectStore
    /// How long a piece may take, and then wait for the others.
    let lifetime: Duration

    func create(_ project: ProjectID, size: Int64) async throws -> TusUpload {
        let id = MediaID.generate()
        let layout = PartLayout(size: size, atLeast: TusProtocol.partSize)
        let uploadId = try await store.beginMultipart(Self.bytes(id), contentType: "application/octet-stream")
        let note = Note(
            projectId: project, size: size, uploadId: uploadId, partSize: layout.partSize, expiresAt: .expiry(after: lifetime))
        try await store.put(
            Self.note(id), ByteBuffer(bytes: try EventCoding.encode(note)), contentType: "application/json")
        return Self.upload(id, note)
    }

    /// Nil where there is none.
    func find(_ id: MediaID) async throws -> TusUpload? {
        do {
            let bytes = try await store.readAll(Self.note(id), limit: 64 << 10)
            return Self.upload(id, try EventCoding.decode(Note.self, from: Data(bytes.readableBytesView)))
        } catch let error as StoreError where error.code == .notFound {
            return nil
        }
    }

    func remove(_ partial: TusUpload) async throws {
        if let session = partial.upload.session {
            try await store.abortMultipart(partial.upload.key, uploadId: session.uploadId)
        }
        try await store.delete(partial.upload.key)
        try await TusTails(store: store).remove(partial.id)
        try await store.delete(Self.note(partial.id))
    }

    /// The id that a key here is about.
    static func id(of key: String) -> MediaID? { MediaID(String(key.dropFirst(prefix.count).prefix(36))) }

    private static func upload(_ id: MediaID, _ note: Note) -> TusUpload {
        let upload = Upload(
            mediaId: id, projectId: note.projectId, key: bytes(id), contentType: "application/octet-stream", size: note.size,
            session: UploadSession(uploadId: note.uploadId, partSize: note.partSize))
        return TusUpload(upload: upload, fileName: "", expiresAt: note.expiresAt, isPartial: true)
    }

    private static func note(_ id: MediaID) -> String { "\(prefix)\(id)/note" }
    private static func bytes(_ id: MediaID) -> String { "\(prefix)\(id)/bytes" }
}
