import Catalog
import Events
import HTTPServer
import Hummingbird

/// `GET /api/v2/media?projectId=&status=&cursor=&limit=`: the media of a project, page by page.
struct ListRoute: Sendable {
    let catalog: Catalog

    func handle(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let query = try QueryParameters(request)
        let project = try context.requireProject(try query.require("projectId"))
        let limit = try query.int("limit", default: 50, in: 1...200)
        let page = try await catalog.list(
            project: project, status: try status(query["status"]), cursor: query["cursor"], limit: limit)
        return try jsonResponse(MediaPage(items: page.items, nextCursor: page.next))
    }

    private func status(_ name: String?) throws(Problem) -> MediaStatus? {
        guard let name else { return nil }
        guard let status = MediaStatus(rawValue: name) else {
            let names = MediaStatus.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidField("status", "status must be one of: \(names).")
        }
        return status
    }
}

private struct MediaPage: Encodable {
    let items: [MediaListItem]
    /// Pass it as `cursor` for the next page; absent on the last one.
    let nextCursor: String?
}
