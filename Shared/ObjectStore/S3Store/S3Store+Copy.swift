package import NIOCore
import S3

extension S3Store {
    /// The store copies, in parts what S3 does not copy at once.
    @discardableResult
    package func copy(_ source: String, to key: String, ifMatch etag: String?) async throws(StoreError) -> ObjectInfo {
        let (from, to) = (try full(source), try full(key))
        do throws(S3Error) {
            guard let object = try await client.head(from), etag == nil || etag == object.etag else { throw S3Error.changed }
            if object.size > largestCopy {
                try await client.copyInParts(object, to: to, partSize: min(1 << 29, largestCopy))
            } else {
                try await client.copy(from, to: to, ifMatch: etag)
            }
        } catch { throw StoreError(copying: error) }
        guard let copy = try await head(key) else { throw StoreError(.unavailable, "the copy is not there") }
        return copy
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
