/// Where everything of one media lives in the object store.
///
/// `projects/{projectId}/{mediaId}/original/{safe file name}`, `…/derived/…`, `…/manifest.json`.
package struct MediaKeys: Hashable, Sendable {
    package let projectId: ProjectID
    package let mediaId: MediaID

    package init(projectId: ProjectID, mediaId: MediaID) {
        self.projectId = projectId
        self.mediaId = mediaId
    }

    package var prefix: String { "projects/\(projectId)/\(mediaId)/" }
    package var manifest: String { prefix + "manifest.json" }
    package func original(fileName: String) -> String { prefix + "original/" + Self.safeFileName(fileName) }
    package func derived(_ path: String) -> String { prefix + "derived/" + path }

    package enum Place: Hashable, Sendable { case original, derived, manifest }

    /// The media and the place that a key names; nil for any key that this layout does not produce.
    package static func parse(_ key: String) -> (keys: MediaKeys, place: Place)? {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 4, parts[0] == "projects", let project = ProjectID(parts[1]), let media = MediaID(parts[2]),
            parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
        else { return nil }
        let keys = MediaKeys(projectId: project, mediaId: media)
        switch parts[3] {
        case "original" where parts.count == 5: return (keys, .original)
        case "derived" where parts.count >= 5: return (keys, .derived)
        case "manifest.json" where parts.count == 4: return (keys, .manifest)
        default: return nil
        }
    }

    /// The last path component in `A–Z a–z 0–9 . _ -`, at most 100 bytes with its extension kept, never empty, hidden or a path.
    package static func safeFileName(_ name: String) -> String {
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        let mapped = last.unicodeScalars.map { scalar -> Character in
            let isSafe =
                scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._-".unicodeScalars.contains(scalar))
            return isSafe ? Character(scalar) : "-"
        }
        let trimmed = String(mapped.drop(while: { $0 == "." || $0 == "-" }))
        guard trimmed.contains(where: { $0.isLetter || $0.isNumber }) else { return "original" }
        guard trimmed.count > 100 else { return trimmed }
        let suffix = trimmed.lastIndex(of: ".").map { trimmed[$0...] } ?? ""
        return suffix.count <= 16 ? String(trimmed.prefix(100 - suffix.count) + suffix) : String(trimmed.prefix(100))
    }
}
