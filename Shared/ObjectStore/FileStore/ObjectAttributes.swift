import Crypto
import FoundationEssentials

/// What is kept of an object beside its bytes: in extended attributes of the same file, so that one rename publishes both
/// and nothing can come between them.
struct ObjectAttributes: Sendable {
    let etag: String
    let contentType: String
    /// Nil where cold storage knows nothing of it.
    var cold: ColdMark?

    private static let etagName = "user.millrace.etag"
    private static let typeName = "user.millrace.type"
    private static let coldName = "user.millrace.cold"

    init(etag: String, contentType: String, cold: ColdMark? = nil) {
        self.etag = etag
        self.contentType = contentType
        self.cold = cold
    }

    /// A file that came here by other ways (copied in, restored without attributes) has a tag of its size and time.
    init(of file: OpenFile, _ status: FileStatus) {
        etag = file.attribute(Self.etagName) ?? Self.derivedTag(status)
        contentType = file.attribute(Self.typeName) ?? "application/octet-stream"
        cold = file.attribute(Self.coldName).flatMap(ColdMark.init)
    }

    func write(to file: OpenFile) throws(StoreError) {
        try file.setAttribute(Self.etagName, etag)
        try file.setAttribute(Self.typeName, contentType)
        if let cold { try file.setAttribute(Self.coldName, cold.text) }
    }

    private static func derivedTag(_ status: FileStatus) -> String {
        ETag.of(SHA256.hash(data: Array("\(status.size) \(status.seconds) \(status.nanoseconds)".utf8)))
    }
}
