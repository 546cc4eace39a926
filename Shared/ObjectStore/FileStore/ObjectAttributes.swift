import Crypto

/// What is kept of an object beside its bytes: in extended attributes of the same file, so that one rename publishes both
/// and nothing can come between them.
struct ObjectAttributes: Sendable {
    let etag: String
    let contentType: String

    private static let etagName = "user.millrace.etag"
    private static let typeName = "user.millrace.type"

    init(etag: String, contentType: String) {
        self.etag = etag
        self.contentType = contentType
    }

    /// A file that came here by other ways (copied in, restored without attributes) has a tag of its size and time.
    init(of file: OpenFile, _ status: FileStatus) {
        etag = file.attribute(Self.etagName) ?? Self.derivedTag(status)
        contentType = file.attribute(Self.typeName) ?? "application/octet-stream"
    }

    func write(to file: OpenFile) throws(StoreError) {
        try file.setAttribute(Self.etagName, etag)
        try file.setAttribute(Self.typeName, contentType)
    }

    private static func derivedTag(_ status: FileStatus) -> String {
        ETag.of(SHA256.hash(data: Array("\(status.size) \(status.seconds) \(status.nanoseconds)".utf8)))
    }
}
