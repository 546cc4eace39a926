import FoundationEssentials
import HTTPTypes
import ObjectStore

/// A reader's conditions on an object, evaluated in the order of RFC 9110, section 13.2.2.
struct Preconditions: Sendable {
    var ifNoneMatch: String?
    var ifModifiedSince: String?
    var ifRange: String?

    /// Whether the reader's copy is still good (304).
    func isFresh(etag: String, modifiedAt: Date) -> Bool {
        if let ifNoneMatch { return EntityTag.matches(ifNoneMatch, etag) }
        guard let since = ifModifiedSince.flatMap(HTTPDate.parse) else { return false }
        return modifiedAt.timeIntervalSince1970.rounded(.down) <= since.timeIntervalSince1970
    }

    /// Whether a range may be answered: what the reader has is of these very bytes.
    func allowsRange(etag: String, modifiedAt: Date) -> Bool {
        guard let ifRange else { return true }
        if ifRange.contains("\"") { return EntityTag.isSame(ifRange, etag) }
        return HTTPDate.parse(ifRange)?.timeIntervalSince1970 == modifiedAt.timeIntervalSince1970.rounded(.down)
    }
}

extension Preconditions {
    init(_ headers: HTTPFields) {
        ifNoneMatch = headers[.ifNoneMatch]
        ifModifiedSince = headers[.ifModifiedSince]
        ifRange = headers[.ifRange]
    }
}
