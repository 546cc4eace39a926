/// An upload whose signature, expiry, size and type were checked; only `FileStore.verify` makes one.
package struct VerifiedUpload: Sendable, Hashable {
    package let operation: PresignRequest.Operation
    package let key: String
    /// The exact length of the body in bytes.
    package let size: Int64
    package let contentType: String

    init(_ terms: UploadTerms) {
        operation = terms.operation
        key = terms.key
        size = terms.size
        contentType = terms.contentType
    }
}

/// What became of an upload's body.
package enum ReceivedUpload: Sendable, Hashable {
    case object(ObjectInfo)
    case part(PartInfo)

    package var etag: String {
        switch self {
        case .object(let info): info.etag
        case .part(let part): part.etag
        }
    }
}
