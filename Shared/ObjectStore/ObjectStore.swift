package import FoundationEssentials
package import NIOCore

/// Where originals, derived objects and manifests live. Keys are UTF-8 paths without leading slash.
///
/// An object appears whole or not at all; readers never see half of one.
package protocol ObjectStore: Sendable {
    /// What is known of an object, or nil where there is none.
    func head(_ key: String) async throws(StoreError) -> ObjectInfo?

    /// The object's bytes in `range` (all of them when nil), read chunk by chunk as they are asked for.
    ///
    /// A cancelled task sees the chunks end early: whoever must not mistake that for the end counts them against
    /// `ObjectContent.range`, as `readAll` does.
    /// - Throws: `.notFound`; `.archived`; `.rangeNotSatisfiable` when the range starts behind the end.
    func read(_ key: String, range: ByteRange?) async throws(StoreError) -> ObjectContent

    /// Writes a whole object from memory and replaces what was there.
    @discardableResult
    func put(_ key: String, _ bytes: ByteBuffer, contentType: String) async throws(StoreError) -> ObjectInfo

    /// Makes an object of another one's bytes, inside the store.
    /// - Parameters:
    ///   - etag: only of these very bytes; whatever is there when nil. Not every store minds it.
    ///   - replacing: what is there already. Of two who copy at once a bucket may take the later one all the same, where the bytes do
    ///     not come in parts.
    /// - Throws: `.notFound` without `source`, or where it has another tag; `.archived` where its bytes cannot be had;
    ///   `.alreadyExists`.
    @discardableResult
    func copy(_ source: String, to key: String, ifMatch etag: String?, replacing: Bool) async throws(StoreError) -> ObjectInfo

    /// Removes an object; none there is no error.
    func delete(_ key: String) async throws(StoreError)

    /// Keys that start with `prefix`, in order of their bytes, behind `startAfter`; at most `limit`.
    func list(prefix: String, startAfter: String?, limit: Int) async throws(StoreError) -> [ObjectInfo]

    /// Begins a multipart upload of an object that does not exist yet.
    /// - Returns: the upload's id.
    func beginMultipart(_ key: String, contentType: String) async throws(StoreError) -> String

    /// Writes one part from memory; one that comes again replaces the former. Stores may want 5 MiB of each part but the last.
    /// - Throws: `.unknownUpload` where there is no such upload of this key (any more).
    func putPart(_ number: Int, of uploadId: String, key: String, _ bytes: ByteBuffer) async throws(StoreError) -> PartInfo

    /// The parts that have arrived, by number.
    func parts(of uploadId: String, key: String) async throws(StoreError) -> [PartInfo]

    /// Makes the object from its parts. Repeating it after success answers the same.
    /// - Throws: `.alreadyExists` when another object took the key, `.invalidPart` when one is missing or differs.
    func completeMultipart(_ key: String, uploadId: String, parts: [PartInfo]) async throws(StoreError) -> ObjectInfo

    /// Forgets an upload and its parts; an unknown one is no error.
    func abortMultipart(_ key: String, uploadId: String) async throws(StoreError)

    /// A URL with which anybody may do exactly what `request` says, until it expires.
    func presign(_ request: PresignRequest) async throws(StoreError) -> PresignedRequest

    /// Where old objects go; nil where they stay.
    var cold: ColdStorage? { get }

    /// Gives an object, as a listing tells of it, to cold storage: at once or when the store gets to it. What repeated calls find begun they
    /// bring to its end. Whoever is reading reads on.
    /// - Throws: `.notFound`; `.invalidRequest` without cold storage.
    func archive(_ object: ObjectInfo) async throws(StoreError)

    /// Brings an archived object back, or has the store begin to. What is back already stays for longer.
    /// - Returns: what is known of it then.
    /// - Throws: `.notFound`.
    func restore(_ key: String) async throws(StoreError) -> ObjectInfo

    /// Removes what crashed writers and forgotten uploads left behind; to be called now and then. What it cannot do now is left
    /// to the next time.
    func tidy() async

    /// Fails when the store cannot be reached or written: what `/readyz` asks.
    func check() async throws(StoreError)
}

extension ObjectStore {
    /// A copy of whatever is there, in place of whatever is there.
    @discardableResult
    package func copy(_ source: String, to key: String) async throws(StoreError) -> ObjectInfo {
        try await copy(source, to: key, ifMatch: nil, replacing: true)
    }
}

package struct ObjectInfo: Sendable, Hashable {
    package let key: String
    package let size: Int64
    /// Without quotes. It changes when the bytes do.
    package let etag: String
    /// Empty in a listing of a store that does not tell it there.
    package let contentType: String
    package let modifiedAt: Date
    /// In the listing of a bucket what was restored is still `.archived`.
    package let state: StorageState
    /// Whether it already lies in the storage class that originals go to, which may be one that is read at once.
    package let isInColdClass: Bool

    package init(
        key: String, size: Int64, etag: String, contentType: String, modifiedAt: Date, state: StorageState = .available,
        isInColdClass: Bool = false
    ) {
        self.key = key
        self.size = size
        self.etag = etag
        self.contentType = contentType
        self.modifiedAt = modifiedAt
        self.state = state
        self.isInColdClass = isInColdClass
    }
}

/// An object's info with (a range of) its bytes.
package struct ObjectContent: Sendable {
    package let info: ObjectInfo
    /// The bytes that `chunks` yields, as offsets in the object.
    package let range: Range<Int64>
    package let chunks: AsyncThrowingStream<ByteBuffer, any Error>

    package init(info: ObjectInfo, range: Range<Int64>, chunks: AsyncThrowingStream<ByteBuffer, any Error>) {
        self.info = info
        self.range = range
        self.chunks = chunks
    }
}

package struct PartInfo: Sendable, Hashable {
    /// From 1 to 10,000.
    package let number: Int
    package let size: Int64
    package let etag: String

    package init(number: Int, size: Int64, etag: String) {
        self.number = number
        self.size = size
        self.etag = etag
    }
}

/// What a presigned URL allows.
package struct PresignRequest: Sendable, Hashable {
    package enum Operation: Sendable, Hashable {
        /// A new object; an existing one is never replaced.
        case put
        case putPart(uploadId: String, number: Int)
    }

    package let operation: Operation
    package let key: String
    /// The body's exact length in bytes; it is part of the signature.
    package let size: Int64
    /// The `Content-Type` the client must send (for `put`); part of the signature.
    package let contentType: String
    package let lifetime: Duration

    package init(_ operation: Operation, key: String, size: Int64, contentType: String, lifetime: Duration) {
        self.operation = operation
        self.key = key
        self.size = size
        self.contentType = contentType
        self.lifetime = lifetime
    }
}

package struct PresignedRequest: Sendable, Hashable {
    package let method: String
    package let url: String
    /// Headers that the client must send as they are.
    package let headers: [String: String]
    package let expiresAt: Date

    package init(method: String, url: String, headers: [String: String], expiresAt: Date) {
        self.method = method
        self.url = url
        self.headers = headers
        self.expiresAt = expiresAt
    }
}
