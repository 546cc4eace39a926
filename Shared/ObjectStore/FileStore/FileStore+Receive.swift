package import NIOCore

extension FileStore {
    /// Streams an upload's body to disk with constant memory: the next chunk is asked for when the last one is written.
    ///
    /// Nothing is stored on failure, also when the client goes away. A part that arrives again replaces the former whole.
    /// - Throws: `StoreError` (`.alreadyExists`, `.unknownUpload`, `.full`, …), `PresignError` (`.wrongSize`) for a body that
    ///   is not as long as announced, and what `body` throws.
    package func receive<Body: AsyncSequence & Sendable>(
        _ upload: VerifiedUpload, body: Body
    ) async throws -> ReceivedUpload where Body.Element == ByteBuffer {
        let file = try await FileWork.run { () throws(StoreError) in
            try checkWanted(upload)
            return try TemporaryFile(in: place.temporary())
        }
        for try await chunk in body {
            guard file.size + Int64(chunk.readableBytes) <= upload.size else {
                throw PresignError(.wrongSize, "the body has more than the announced \(upload.size) bytes")
            }
            try await FileWork.run { () throws(StoreError) in try file.append(chunk) }
        }
        guard file.size == upload.size else {
            throw PresignError(.wrongSize, "the body ended after \(file.size) of \(upload.size) bytes")
        }
        return try await FileWork.run { () throws(StoreError) in try publish(file, upload) }
    }

    private func checkWanted(_ upload: VerifiedUpload) throws(StoreError) {
        guard try place.objects().find(upload.key) == nil else { throw Self.taken }
        if case .putPart(let id, _) = upload.operation {
            _ = try MultipartUpload(tree: try place.multipart(), id: id).target(for: upload.key)
        }
    }

    private func publish(_ file: TemporaryFile, _ upload: VerifiedUpload) throws(StoreError) -> ReceivedUpload {
        switch upload.operation {
        case .put:
            try file.seal(contentType: upload.contentType)
            return .object(try place.objects().publish(file, as: upload.key, replacing: false))
        case .putPart(let id, let number):
            try file.seal(contentType: "application/octet-stream")
            return .part(try publish(file, part: number, of: MultipartUpload(tree: try place.multipart(), id: id), upload.key))
        }
    }

    /// An upload that was completed or aborted while the part came in must not come to life again.
    func publish(
        _ file: TemporaryFile, part number: Int, of upload: MultipartUpload, _ key: String
    ) throws(StoreError) -> PartInfo {
        _ = try upload.target(for: key)
        let info = try upload.tree.publish(file, as: MultipartUpload.partKey(upload.id, number), replacing: true)
        do { _ = try upload.target(for: key) } catch {
            try? upload.remove()
            throw error
        }
        return PartInfo(number: number, size: info.size, etag: info.etag)
    }
}
