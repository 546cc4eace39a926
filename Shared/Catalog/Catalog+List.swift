package import Events
package import FoundationEssentials
import Redis

/// One line of a listing.
package struct MediaListItem: Codable, Hashable, Sendable {
    package let mediaId: MediaID
    package let projectId: ProjectID
    package let status: MediaStatus
    package let revision: Int
    package let kind: MediaKind?
    package let createdAt: Date
    package let changedAt: Date
}

extension Catalog {
    /// A project's media, newest first.
    ///
    /// - Parameters:
    ///   - status: only media that have it; nil for all.
    ///   - cursor: what the page before gave as `next`; it stays valid whatever comes and goes meanwhile.
    ///   - limit: at most so many items; a page may be shorter when media change while it is read.
    /// - Returns: the page, and the cursor of the next one where there may be more.
    /// - Throws: `CatalogError(.invalidCursor)`.
    package func list(
        project: ProjectID, status: MediaStatus? = nil, cursor: String? = nil, limit: Int
    ) async throws -> (items: [MediaListItem], next: String?) {
        let limit = max(1, limit)
        let ids = try await ids(
            project, status.map { [$0] } ?? MediaStatus.allCases, behind: try Cursor.decode(cursor), limit + 1)
        let page = Array(ids.prefix(limit))
        let items = try await entries(page).compactMap { $0.flatMap { MediaListItem($0.entry) } }
        return (
            items.filter { status == nil || $0.status == status }, ids.count > limit ? page.last.map(Cursor.encode) : nil
        )
    }

    /// The newest ids of all lists together. The statuses are read in the order in which media pass through them, so that one
    /// that moves meanwhile is seen at least once.
    private func ids(_ project: ProjectID, _ statuses: [MediaStatus], behind last: MediaID?, _ limit: Int) async throws
        -> [MediaID]
    {
        let commands = statuses.flatMap { status in
            (0..<partitions).map { partition in
                let index = RedisKeys.index(partition, CatalogKeys.project(project, status))
                return ["ZREVRANGEBYLEX", index, last.map { "(\($0.compact)" } ?? "+", "-", "LIMIT", "0", "\(limit)"]
            }
        }
        let found = Set(try await arrays(commands).joined().compactMap(MediaID.init(compact:)))
        return Array(found.sorted(by: >).prefix(limit))
    }
}

extension MediaListItem {
    fileprivate init?(_ entry: CatalogEntry) {
        switch entry {
        case .inFlight(let record):
            self.init(
                mediaId: record.mediaId, projectId: record.projectId, status: record.status, revision: record.revision,
                kind: record.kind, createdAt: record.createdAt, changedAt: record.changedAt)
        case .finished(let summary):
            self.init(
                mediaId: summary.mediaId, projectId: summary.projectId, status: summary.status, revision: summary.revision,
                kind: summary.kind, createdAt: summary.createdAt, changedAt: summary.changedAt)
        case .deleted: return nil
        }
    }
}
