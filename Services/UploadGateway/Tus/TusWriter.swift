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
    /// False once somebody else writes.
    let isCurrent: @Sendable () -> Bool
    private(set) var position: TusPosition
    private var buffer: ByteBuffer
    private var isTailWritten = true

    init(
        _ upload: Upload, at position: TusPosition, _ store: any ObjectStore, isCurrent: @escaping @Sendable () -> Bool
    ) async throws {
        guard let layout = upload.layout, let session = upload.session else { throw Problem.uploadClosed }
        self.upload = upload
        self.layout = layout
        self.store = store
        self.isCurrent = isCurrent
        self.position = position
        uploadId = session.uploadId
        let tail = position.offset - Int64(position.part - 1) * layout.partSize
        buffer = ByteBuffer()
        guard position.part <= layout.count, tail > 0 else { return }
        buffer = try await TusTails(store: store).read(upload.mediaId, part: position.part, limit: layout.partSize)
        // Somebody else is faster: the client asks where we are.
        guard buffer.readableBytes == Int(tail) else { throw Problem.wrongOffset(position.offset) }
    }

    /// - Throws: 413 for more bytes than were announced; 409 where somebody else writes.
    mutating func append(_ bytes: ByteBuffer) async throws {
        var bytes = bytes
        guard position.offset + Int64(bytes.readableBytes) <= upload.size else { throw Problem.payloadTooLarge() }
        while bytes.readableBytes > 0 {
            try await writeFullPart()
            let room = Int(layout.size(of: position.part)) - buffer.readableBytes
            guard var piece = bytes.readSlice(length: min(room, bytes.readableBytes)) else { return }
            position = TusPosition(offset: position.offset + Int64(piece.readableBytes), part: position.part)
            buffer.writeBuffer(&piece)
            isTailWritten = false
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
        guard !isTailWritten, buffer.readableBytes > 0 else { return }
        try check()
        try await TusTails(store: store).write(upload.mediaId, part: position.part, buffer)
        isTailWritten = true
    }

    private mutating func writePart() async throws {
        try check()
        _ = try await store.putPart(position.part, of: uploadId, key: upload.key, buffer)
        position = TusPosition(offset: position.offset, part: position.part + 1)
        buffer.clear()
        isTailWritten = true
    }

    private func check() throws {
        guard isCurrent() else { throw Problem.wrongOffset(position.offset) }
    }
}
