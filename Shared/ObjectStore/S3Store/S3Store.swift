package import NIOCore
package import S3

/// Objects in a bucket of any S3-compatible store, below the location's prefix.
///
/// * Clients send bytes straight to the store, with presigned requests; nothing of them passes through us.
/// * A new object never replaces another one where the store knows `If-None-Match: *` for `PUT` (AWS, Ceph, MinIO, R2 do). Completions of
///   uploads in parts carry it as well, and look before: a store that ignores it leaves a gap of one journey.
/// * Entity tags are the store's own.
package struct S3Store: ObjectStore {
    package let client: S3Client
    package let cold: ColdStorage?
    /// Bytes that are copied in one request.
    let largestCopy: Int64

    package init(_ client: S3Client, cold: ColdStorage? = nil, largestCopy: Int64 = S3Client.largestCopy) {
        self.client = client
        self.cold = cold
        self.largestCopy = largestCopy
    }

    package func head(_ key: String) async throws(StoreError) -> ObjectInfo? {
        let name = try full(key)
        return try await translating { () async throws(S3Error) in try await client.head(name) }.map { info($0) }
    }

    @discardableResult
    package func put(_ key: String, _ bytes: ByteBuffer, contentType: String) async throws(StoreError) -> ObjectInfo {
        let name = try full(key)
        try ContentType.validate(contentType)
        let body = Array(bytes.readableBytesView)
        return info(
            try await translating { () async throws(S3Error) in try await client.put(name, body, contentType: contentType) })
    }

    package func delete(_ key: String) async throws(StoreError) {
        let name = try full(key)
        try await translating { () async throws(S3Error) in try await client.delete(name) }
    }

    /// Whatever is in the bucket without being a key of ours is passed over.
    package func list(prefix: String, startAfter: String?, limit: Int) async throws(StoreError) -> [ObjectInfo] {
        var found: [ObjectInfo] = []
        var next: String?
        let (base, after) = (root + prefix, startAfter.map { root + $0 })
        while found.count < limit {
            let (continuation, rest) = (next, limit - found.count)
            let page = try await translating { () async throws(S3Error) in
                try await client.list(prefix: base, startAfter: after, continuation: continuation, limit: rest)
            }
            found += page.objects.map { info($0) }.filter { ObjectKey.isValid($0.key) }
            guard let continuation = page.continuation else { break }
            next = continuation
        }
        return found
    }

    /// Whether the bucket answers us. That it can be written is seen when it is.
    package func check() async throws(StoreError) {
        let isThere = try await translating { () async throws(S3Error) in try await client.headBucket() }
        guard isThere else { throw StoreError(.unavailable, "there is no bucket \(client.location.bucket)") }
    }

    /// Keys begin with this in the bucket.
    var root: String { client.location.prefix.isEmpty ? "" : client.location.prefix + "/" }

    func full(_ key: String) throws(StoreError) -> String {
        try ObjectKey.validate(key)
        let name = root + key
        guard name.utf8.count <= 1024 else { throw StoreError(.invalidKey, "the key is too long behind the bucket's prefix") }
        return name
    }

    func info(_ object: S3Object) -> ObjectInfo {
        // By bytes: a combining mark behind the prefix belongs to the key.
        let key = String(decoding: object.key.utf8.dropFirst(root.utf8.count), as: UTF8.self)
        return ObjectInfo(
            key: key, size: object.size, etag: object.etag, contentType: object.contentType, modifiedAt: object.modifiedAt,
            state: StorageState(object, coldClass: cold?.storageClass),
            isInColdClass: object.storageClass == cold?.storageClass)
    }
}
