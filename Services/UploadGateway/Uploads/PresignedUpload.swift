import Events
import FoundationEssentials

/// What a client gets for one declared file: where its bytes go.
struct PresignedUpload: Encodable, Sendable {
    let mediaId: MediaID
    let projectId: ProjectID
    let key: String
    /// Until when the URLs here work.
    var expiresAt: Date
    /// For an upload in one piece: `PUT` the bytes to `url` with exactly these headers.
    var method: String?
    var url: String?
    var headers: [String: String]?
    /// For an upload in parts: `PUT` each one to its URL.
    var multipart: PresignedParts?
}

/// An upload in parts: all of `partSize` bytes, only the last may have fewer.
struct PresignedParts: Encodable, Sendable {
    let uploadId: String
    let partSize: Int64
    let parts: [PresignedPart]
}

/// Where one part goes.
struct PresignedPart: Encodable, Sendable {
    /// From 1.
    let number: Int
    let url: String
    /// Bytes, exactly.
    let size: Int64
}
