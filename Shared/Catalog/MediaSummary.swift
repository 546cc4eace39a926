package import Events
package import FoundationEssentials
package import Messaging

/// What Redis keeps of a finished media; everything else is in its manifest.
///
/// Its stored form is compact on purpose: with 64 bytes or less Redis keeps the whole state entry in one listpack.
package struct MediaSummary: Codable, Hashable, Sendable {
    package let mediaId: MediaID
    package let projectId: ProjectID
    package let status: MediaStatus
    package let revision: Int
    package let kind: MediaKind?
    /// When the status changed last, to the millisecond.
    package let changedAt: Date
    /// 16 lowercase hex digits each, where the media has them.
    package let phash: String?
    package let dhash: String?

    package var createdAt: Date { mediaId.createdAt }

    /// Nil unless the record is `ready` or `failed`.
    package init?(_ record: MediaRecord) {
        guard record.status.isTerminal else { return nil }
        mediaId = record.mediaId
        projectId = record.projectId
        status = record.status
        revision = record.revision
        kind = record.kind
        changedAt = record.changedAt
        phash = record.metadata?.phash
        dhash = record.metadata?.dhash
    }

    /// Of a media that Redis has lost.
    package init(_ manifest: Manifest) {
        mediaId = manifest.mediaId
        projectId = manifest.projectId
        status = manifest.status
        revision = manifest.revision
        kind = manifest.kind
        changedAt = manifest.times.finishedAt
        phash = manifest.metadata?.phash
        dhash = manifest.metadata?.dhash
    }

    /// Puts it back where the media's record ended, unless something is there. Nothing is told: all of it was announced once.
    package func reindexed() -> Commit {
        Commit(
            mediaId,
            changes: [
                .put(key: CatalogKeys.media(mediaId), value: encoded, expecting: 0),
                .addToIndex(CatalogKeys.project(projectId, status), member: mediaId.compact, score: 0),
            ])
    }
}

/// `ri4.mi8x2k3a.3w5e11264sgsf.1jhn6ok8bdqfk.demo`: first letters of status and kind with the revision, milliseconds since
/// 1970, pHash, dHash and project; numbers in base 36, `-` for what is not known.
extension MediaSummary {
    package var encoded: String {
        let hash = { (hex: String?) in hex.flatMap { UInt64($0, radix: 16) }.map { String($0, radix: 36) } ?? "-" }
        let head = "\(status.rawValue.prefix(1))\(kind?.rawValue.prefix(1) ?? "-")\(String(revision, radix: 36))"
        let time = String(Int64(changedAt.milliseconds), radix: 36)
        return "\(head).\(time).\(hash(phash)).\(hash(dhash)).\(projectId)"
    }

    /// Nil for anything that `encoded` does not produce.
    package init?(_ mediaId: MediaID, encoded: String) {
        let parts = encoded.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 5, let project = ProjectID(String(parts[4])), let time = Int64(parts[1], radix: 36),
            let status = Self.statuses[parts[0].prefix(1)], let revision = Int(parts[0].dropFirst(2), radix: 36), revision > 0
        else { return nil }
        self.mediaId = mediaId
        self.projectId = project
        self.status = status
        self.revision = revision
        kind = Self.kinds[parts[0].dropFirst().prefix(1)]
        changedAt = Date(timeIntervalSince1970: Double(time) / 1000)
        phash = Self.hex(parts[2])
        dhash = Self.hex(parts[3])
    }

    private static let statuses: [Substring: MediaStatus] = ["r": .ready, "f": .failed]
    private static let kinds = Dictionary(uniqueKeysWithValues: MediaKind.allCases.map { ($0.rawValue.prefix(1), $0) })

    private static func hex(_ base36: Substring) -> String? {
        guard let digits = UInt64(base36, radix: 36).map({ String($0, radix: 16) }) else { return nil }
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
