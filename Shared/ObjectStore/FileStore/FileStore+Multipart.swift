import FoundationEssentials
import NIOCore

extension FileStore {
    package func beginMultipart(_ key: String, contentType: String) async throws(StoreError) -> String {
        try ObjectKey.validate(key)
        try ContentType.validate(contentType)
        let id = UploadID.generate()
        guard let target = try? JSONEncoder().encode(MultipartUpload.Target(key: key, contentType: contentType)) else {
            throw StoreError(.invalidRequest, "the upload cannot be described")
        }
        try await FileWork.run { () throws(StoreError) in
            guard try place.objects().find(key) == nil else { throw Self.taken }
            let file = try TemporaryFile(in: place.temporary())
            try file.append(ByteBuffer(bytes: target))
            try file.seal(contentType: "application/json")
            _ = try place.multipart().publish(file, as: "\(id)/upload", replacing: false)
        }
        return id
    }

    package func parts(of uploadId: String, key: String) async throws(StoreError) -> [PartInfo] {
        try ObjectKey.validate(key)
        return try await FileWork.run { () throws(StoreError) in
            let upload = MultipartUpload(tree: try place.multipart(), id: uploadId)
            _ = try upload.target(for: key)
            return try upload.parts()
        }
    }

    package func completeMultipart(
        _ key: String, uploadId: String, parts: [PartInfo]
    ) async throws(StoreError) -> ObjectInfo {
        try ObjectKey.validate(key)
        let parts = try PartList.validate(parts)
        do {
            let (upload, type) = try await FileWork.run { () throws(StoreError) in try begin(key, uploadId) }
            let file = try await assemble(parts, of: upload)
            return try await FileWork.run { () throws(StoreError) in
                try file.seal(contentType: type, etag: ETag.of(parts: parts))
                let info = try place.objects().publish(file, as: key, replacing: false)
                try? upload.remove()
                return info
            }
        } catch  where [.alreadyExists, .unknownUpload, .invalidPart].contains(error.code) {
            return try await completed(key, parts, otherwise: error)
        }
    }

    package func abortMultipart(_ key: String, uploadId: String) async throws(StoreError) {
        try ObjectKey.validate(key)
        try await FileWork.run { () throws(StoreError) in
            let upload = MultipartUpload(tree: try place.multipart(), id: uploadId)
            guard (try? upload.target(for: key)) != nil else { return }
            try upload.remove()
        }
    }

    static var taken: StoreError { StoreError(.alreadyExists, "an object of this key exists") }

    private func begin(_ key: String, _ uploadId: String) throws(StoreError) -> (MultipartUpload, contentType: String) {
        let upload = MultipartUpload(tree: try place.multipart(), id: uploadId)
        let target = try upload.target(for: key)
        guard try place.objects().find(key) == nil else { throw Self.taken }
        return (upload, target.contentType)
    }

    /// Copies inside the kernel, 64 MiB at a time so that other work gets its turn.
    private func assemble(_ parts: [PartInfo], of upload: MultipartUpload) async throws(StoreError) -> TemporaryFile {
        for part in parts { _ = try await FileWork.run { () throws(StoreError) in try upload.open(part) } }
        let file = try await FileWork.run { () throws(StoreError) in try TemporaryFile(in: place.temporary()) }
        for part in parts {
            let source = try await FileWork.run { () throws(StoreError) in try upload.open(part) }
            while try await FileWork.run({ () throws(StoreError) in try file.append(from: source, atMost: 64 << 20) }) > 0 {}
        }
        guard file.size == parts.reduce(0, { $0 + $1.size }) else {
            throw StoreError(.unavailable, "a part changed while it was copied")
        }
        return file
    }

    /// An object made of these very parts is the answer to a repeated or concurrent completion.
    private func completed(_ key: String, _ parts: [PartInfo], otherwise error: StoreError) async throws(StoreError) -> ObjectInfo
    {
        guard let info = try await head(key), info.etag == ETag.of(parts: parts), info.size == parts.reduce(0, { $0 + $1.size })
        else { throw error }
        return info
    }
}
