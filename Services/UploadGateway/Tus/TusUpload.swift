import Catalog
import Events
import FoundationEssentials
import HTTPServer
import ObjectStore

/// One upload as tus sees it: a media's, or one of several that will be put together.
struct TusUpload: Sendable {
    let upload: Upload
    let fileName: String
    let expiresAt: Date
    /// Whether it is a piece of something larger and no media itself.
    var isPartial = false

    var id: MediaID { upload.mediaId }
    var size: Int64 { upload.size }
}

/// How far an upload is.
struct TusPosition: Sendable, Hashable {
    /// Bytes that are there.
    let offset: Int64
    /// The part that the next byte belongs to, from 1.
    let part: Int

    /// - Throws: 409 `uploadClosed` where the store knows nothing of the upload any more.
    static func of(_ upload: Upload, _ store: any ObjectStore) async throws -> TusPosition {
        guard let session = upload.session, let layout = upload.layout else { throw Problem.uploadClosed }
        let arrived: [PartInfo]
        do { arrived = try await store.parts(of: session.uploadId, key: upload.key) } catch {
            // Complete, but for what comes after.
            guard error.code == .unknownUpload, try await store.head(upload.key)?.size == upload.size else { throw error }
            return TusPosition(offset: upload.size, part: layout.count + 1)
        }
        let whole = Set(arrived.filter { $0.size == layout.size(of: $0.number) }.map(\.number))
        let part = (1...layout.count).first { !whole.contains($0) } ?? layout.count + 1
        guard part <= layout.count else { return TusPosition(offset: upload.size, part: part) }
        let tail = try await TusTails(store: store).size(upload.mediaId, part: part)
        return TusPosition(offset: Int64(part - 1) * layout.partSize + tail, part: part)
    }
}
