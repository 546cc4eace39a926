package import NIOCore
import S3

extension S3Store {
    /// The store copies, in parts what S3 does not copy at once.
    @discardableResult
    package func copy(
        _ source: String, to key: String, ifMatch etag: String?, replacing: Bool
    ) async throws(StoreError) -> ObjectInfo {
        let (from, to) = (try full(source), try full(key))
        if !replacing, try await head(key) != nil { throw FileStore.taken }
        do throws(S3Error) {
            guard let object = try await client.head(from), etag == nil || etag == object.etag else { throw S3Error.changed }
            try await copy(object, to: to, replacing: replacing)
        } catch {
            // Refused because the source has changed, or because somebody was faster.
            if error.status == 412, !replacing, try await head(key) != nil { throw FileStore.taken }
            throw StoreError(copying: error)
        }
        guard let copy = try await head(key) else { throw StoreError(.unavailable, "the copy is not there") }
        return copy
    }

    /// Of these very bytes only. - Parameter storageClass: of what is copied at once; parts make an object of the standard class.
    func copy(
        _ object: S3Object, to target: String, storageClass: String? = nil, replacing: Bool = true
    ) async throws(S3Error) {
        if object.size > largestCopy {
            try await client.copyInParts(object, to: target, partSize: min(1 << 29, largestCopy), onlyIfAbsent: !replacing)
        } else {
            try await client.copy(object.key, to: target, ifMatch: object.etag, storageClass: storageClass)
        }
    }

    package func putPart(
        _ number: Int, of uploadId: String, key: String, _ bytes: ByteBuffer
    ) async throws(StoreError) -> PartInfo {
        let name = try full(key)
        try Self.validate(uploadId)
        guard PartList.numbers.contains(number) else { throw StoreError(.invalidPart, "parts are numbered from 1 to 10000") }
        let body = Array(bytes.readableBytesView)
        let etag = try await translating { () async throws(S3Error) in
            try await client.putPart(number, of: uploadId, key: name, body)
        }
        return PartInfo(number: number, size: Int64(body.count), etag: etag)
    }
}
