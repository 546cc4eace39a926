import Crypto
package import FoundationEssentials
import S3

extension S3Store {
    /// An upload without a new part for this long is forgotten.
    private static let uploadAge: TimeInterval = 7 * 24 * 3600

    package func beginMultipart(_ key: String, contentType: String) async throws(StoreError) -> String {
        let name = try full(key)
        try ContentType.validate(contentType)
        guard try await head(key) == nil else { throw Self.taken }
        return try await translating { () async throws(S3Error) in
            try await client.createMultipart(name, contentType: contentType)
        }
    }

    package func parts(of uploadId: String, key: String) async throws(StoreError) -> [PartInfo] {
        let name = try full(key)
        try Self.validate(uploadId)
        do {
            return try await translating { () async throws(S3Error) in try await client.parts(of: uploadId, key: name) }
                .map { PartInfo(number: $0.number, size: $0.size, etag: $0.etag) }
        } catch {
            // Ceph says of an upload that was aborted that there is no such key.
            throw error.code == .notFound ? Self.unknown : error
        }
    }

    package func completeMultipart(
        _ key: String, uploadId: String, parts: [PartInfo]
    ) async throws(StoreError) -> ObjectInfo {
        let name = try full(key)
        try Self.validate(uploadId)
        let parts = try PartList.validate(parts)
        if let object = try await object(name, of: parts) { return object }
        do {
            // Asked first: Ceph makes an unknown upload come to life when it is told to complete it.
            try check(parts, against: try await self.parts(of: uploadId, key: key))
            try await translating { () async throws(S3Error) in
                try await client.completeMultipart(name, id: uploadId, parts: parts.map { ($0.number, $0.etag) })
            }
        } catch  where [.alreadyExists, .unknownUpload, .invalidPart, .notFound, .unavailable].contains(error.code) {
            // Somebody else may have completed it, or we without hearing of it.
            guard let object = try await object(name, of: parts) else { throw error.code == .notFound ? Self.unknown : error }
            return object
        }
        guard let object = try await head(key) else { throw StoreError(.unavailable, "the completed object is not there") }
        return object
    }

    package func abortMultipart(_ key: String, uploadId: String) async throws(StoreError) {
        let name = try full(key)
        guard (try? Self.validate(uploadId)) != nil else { return }
        try await translating { () async throws(S3Error) in try await client.abortMultipart(name, id: uploadId) }
    }

    /// Below the location's prefix our uploads lie here; other tools may upload beside.
    package static let uploadPrefixes = ["projects/", "system/"]

    /// Aborts uploads of ours that nobody has begun or added to for seven days.
    package func tidy() async { await tidy(olderThan: Date().addingTimeInterval(-Self.uploadAge)) }

    package func tidy(olderThan limit: Date) async {
        for prefix in Self.uploadPrefixes { await tidy(root + prefix, olderThan: limit) }
    }

    private func tidy(_ prefix: String, olderThan limit: Date) async {
        var last: S3Upload?
        while let page = try? await client.uploads(prefix: prefix, after: last), !page.isEmpty, page.last != last {
            for upload in page where upload.initiatedAt < limit { await abort(upload, before: limit) }
            last = page.last
        }
    }

    private func abort(_ upload: S3Upload, before limit: Date) async {
        guard let parts = try? await client.parts(of: upload.id, key: upload.key), parts.allSatisfy({ $0.modifiedAt < limit })
        else {
            return
        }
        try? await client.abortMultipart(upload.key, id: upload.id)
    }

    private func check(_ parts: [PartInfo], against arrived: [PartInfo]) throws(StoreError) {
        guard Set(parts).isSubset(of: arrived) else { throw StoreError(.invalidPart, "a part has not arrived, or differs") }
    }

    private static var unknown: StoreError { StoreError(.unknownUpload, "no such upload") }

    /// An empty id would mean another request.
    static func validate(_ uploadId: String) throws(StoreError) {
        guard !uploadId.isEmpty, uploadId.utf8.count <= 1024 else { throw unknown }
    }

    /// The object that was made of these parts already.
    /// - Throws: `.alreadyExists` where the one that is there is not.
    private func object(_ name: String, of parts: [PartInfo]) async throws(StoreError) -> ObjectInfo? {
        let found = try await translating { () async throws(S3Error) in try await client.head(name) }
        guard let found else { return nil }
        let isSame = found.size == parts.reduce(0) { $0 + $1.size } && Self.isTag(of: found, parts)
        guard isSame else { throw FileStore.taken }
        return info(found)
    }

    /// S3 tags the MD5 of the parts' MD5s; a store with another rule at least tells the number of parts.
    private static func isTag(of object: S3Object, _ parts: [PartInfo]) -> Bool {
        let (etag, digests) = (object.etag, parts.compactMap { bytes(ofHex: $0.etag) })
        let isMD5 = !object.isTagOpaque && digests.count == parts.count && digests.allSatisfy { $0.count == 16 }
        guard isMD5, etag.utf8.count == 33 + "\(parts.count)".utf8.count else { return etag.hasSuffix("-\(parts.count)") }
        return etag == hex(Insecure.MD5.hash(data: digests.flatMap { $0 })) + "-\(parts.count)"
    }

    private static func bytes(ofHex text: String) -> [UInt8]? {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue.map(UInt8.init) }
        guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private static var taken: StoreError { FileStore.taken }
}
