import Events

/// The bodies that the plug-in reads and writes, with its own names.
struct WholeUpload: Encodable {
    let method: String
    let url: String
    /// For a POST with a form; with PUT the plug-in only reads the key.
    let fields: [String: String]
    let headers: [String: String]
    /// Seconds.
    let expires: Int64
}

struct BegunUpload: Encodable {
    let key: String
    /// Ours, not the store's.
    let uploadId: MediaID
    let bucket: String
    /// Ours: what the upload becomes.
    let mediaId: MediaID
}

struct SignedPart: Encodable {
    let url: String
    /// Seconds.
    let expires: Int64
}

struct ListedPart: Encodable {
    let number: Int
    let etag: String
    /// Bytes.
    let size: Int64

    enum CodingKeys: String, CodingKey {
        case number = "PartNumber"
        case etag = "ETag"
        case size = "Size"
    }
}

struct NamedParts: Decodable {
    struct Part: Decodable {
        let number: Int
        let etag: String

        enum CodingKeys: String, CodingKey {
            case number = "PartNumber"
            case etag = "ETag"
        }
    }

    let parts: [Part]
}

struct CompleteUpload: Encodable {
    let location: String
    let key: String
    let bucket: String
    let mediaId: MediaID
}
