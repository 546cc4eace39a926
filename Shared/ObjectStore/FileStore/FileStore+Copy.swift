package import NIOCore

extension FileStore {
    /// The kernel copies, 64 MiB at a time so that other work gets its turn. The copy has the source's type and tag.
    @discardableResult
    package func copy(
        _ source: String, to key: String, ifMatch etag: String?, replacing: Bool
    ) async throws(StoreError) -> ObjectInfo {
        try ObjectKey.validate(source)
        try ObjectKey.validate(key)
        let (original, file) = try await FileWork.run { () throws(StoreError) in
            (try place.objects().open(source), try TemporaryFile(in: place.temporary()))
        }
        guard original.info.state.isReadable else { throw Self.archived }
        if let etag, original.info.etag != etag { throw StoreError(.notFound, "there is another object by now") }
        try await Self.copy(original, to: file)
        return try await FileWork.run { () throws(StoreError) in
            try file.seal(contentType: original.info.contentType, etag: original.info.etag)
            return try place.objects().publish(file, as: key, replacing: replacing)
        }
    }

    static func copy(_ original: FileTree.Stored, to file: TemporaryFile) async throws(StoreError) {
        while try await FileWork.run({ () throws(StoreError) in try file.append(from: original.file, atMost: 64 << 20) }) > 0 {}
        guard file.size == original.info.size else { throw StoreError(.unavailable, "the object changed while it was copied") }
    }

    package func putPart(
        _ number: Int, of uploadId: String, key: String, _ bytes: ByteBuffer
    ) async throws(StoreError) -> PartInfo {
        try ObjectKey.validate(key)
        guard PartList.numbers.contains(number) else { throw StoreError(.invalidPart, "parts are numbered from 1 to 10000") }
        return try await FileWork.run { () throws(StoreError) in
            let upload = MultipartUpload(tree: try place.multipart(), id: uploadId)
            _ = try upload.target(for: key)
            let file = try TemporaryFile(in: place.temporary())
            try file.append(bytes)
            try file.seal(contentType: "application/octet-stream")
            return try publish(file, part: number, of: upload, key)
        }
    }
}
