/// Entity tags in HTTP headers (RFC 9110, sections 8.8.3 and 13.1).
package enum EntityTag {
    /// The value of an `ETag` header for a store's tag.
    package static func header(_ etag: String) -> String { "\"\(etag)\"" }

    /// Whether an `If-None-Match` (or `If-Match`) header names `etag`, by weak comparison; `*` names every one.
    package static func matches(_ header: String, _ etag: String) -> Bool {
        header.split(separator: ",").contains { entry in
            var tag = entry.drop { $0 == " " || $0 == "\t" }
            while tag.last == " " || tag.last == "\t" { tag.removeLast() }
            if tag == "*" { return true }
            if tag.hasPrefix("W/") { tag.removeFirst(2) }
            return tag == "\"\(etag)\""
        }
    }

    /// Whether an `If-Range` header is exactly this strong tag; only then may a range be answered.
    package static func isSame(_ header: String, _ etag: String) -> Bool { header == "\"\(etag)\"" }
}
