import Catalog
import HTTPServer
import NIOCore
import ObjectStore

/// Cuts a stream of bytes into an upload's parts. It holds one part in memory; what does not fill one is kept as the upload's tail when
/// the stream ends, however it ends.
struct TusWriter: Sendable {
    let upload: Upload
    let layout: PartLayout
    let uploadId: String
    let store: any ObjectStore
    private(set) var position: TusPosition
    private var buffer: ByteBuffer
    /// Bytes of what is kept of the part that has begun.
    private var kept: Int64

    init(_ upload: Upload, at position: TusPosition, _ store: any ObjectStore) async throws {
        guard let layout = upload.layout, let session = upload.session else { throw Problem.uploadClosed }
        self.upload = upload
        self.layout = layout
        self.store = store
        self.position = position
        uploadId = session.uploadId
        kept = position.part <= layout.count ? position.offset - Int64(position.part - 1) * layout.partSize : 0
        buffer = ByteBuffer()
        guard kept > 0 else { return }
        buffer = try await TusTails(store: store).read(upload.mediaId, part: position.part, size: kept)
        // Somebody else is faster: the client asks where we are.
        guard buffer.readableBytes == Int(kept) else { throw Problem.wrongOffset(position.offset) }
    }

    /// - Throws: 413 for more bytes than were announced.
    mutating func append(_ bytes: ByteBuffer) async throws {
        var bytes = bytes
        guard position.offset + Int64(bytes.readableBytes) <= upload.size else { throw Problem.payloadTooLarge() }
        while bytes.readableBytes > 0 {
            try await writeFullPart()
            let room = Int(layout.size(of: position.part)) - buffer.readableBytes
            guard var piece = bytes.readSlice(length: min(room, bytes.readableBytes)) else { return }
            position = TusPosition(offset: position.offset + Int64(piece.readableBytes), part: position.part)
            buffer.writeBuffer(&piece)
            try await writeFullPart()
        }
    }

    /// Writes the part that has begun where it is whole: also one that the store refused when it came, and which became a tail.
    mutating func writeFullPart() async throws {
        guard position.part <= layout.count, buffer.readableBytes == Int(layout.size(of: position.part)) else { return }
        try await writePart()
    }

    /// Keeps what has come.
    mutating func flush() async throws {
        guard buffer.readableBytes > kept else { return }
        try await TusTails(store: store).write(upload.mediaId, part: position.part, buffer)
        try await forgetTail()
        kept = Int64(buffer.readableBytes)
    }

    /// The one that this writer has overtaken.
    private func forgetTail() async throws {
        guard kept > 0 else { return }
        try await TusTails(store: store).remove(upload.mediaId, part: position.part, size: kept)
    }

    private mutating func writePart() async throws {
        _ = try await store.putPart(position.part, of: uploadId, key: upload.key, buffer)
        try await forgetTail()
        position = TusPosition(offset: position.offset, part: position.part + 1)
        buffer.clear()
        kept = 0
    }
}
