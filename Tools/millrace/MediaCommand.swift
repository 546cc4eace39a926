import ArgumentParser
import Events
import FoundationEssentials

struct MediaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "media", abstract: "Lists a project's media, and restores their originals.",
        subcommands: [MediaListCommand.self, MediaRestoreCommand.self])
}

struct MediaListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists a project's media, the newest first.")

    @Option(help: "Only these: uploading, uploaded, processing, ready or failed.") var status: String?
    @Option(help: "How many at most.") var limit = 50
    @Flag(help: "All of them.") var all = false
    @OptionGroup var connection: ConnectionOptions

    private struct Page: Decodable {
        let items: [Item]
        let nextCursor: String?
    }

    struct Item: Codable {
        let mediaId: MediaID
        let projectId: ProjectID
        let status: MediaStatus
        let revision: Int
        let kind: MediaKind?
        let createdAt: Date
        let changedAt: Date
    }

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit must be at least 1") }
        guard status.map({ MediaStatus(rawValue: $0) != nil }) ?? true else { throw ValidationError("unknown --status") }
    }

    func run() async throws {
        let api = try connection.api()
        var (items, cursor): ([Item], String?) = ([], nil)
        repeat {
            let rest = all ? 200 : min(200, limit - items.count)
            let filter = status.map { "&status=\($0)" } ?? ""
            let position = cursor.map { "&cursor=\($0)" } ?? ""
            let page: Page = try await api.call("GET", "/api/v2/media?projectId=\(api.project)&limit=\(rest)\(filter)\(position)")
            items += page.items
            cursor = page.nextCursor
        } while cursor != nil && (all || items.count < limit)
        try show(items)
    }

    private func show(_ items: [Item]) throws {
        if connection.output.json { return try Terminal.printJSON(items) }
        for item in items {
            let kind = (item.kind?.rawValue ?? "–").padded(6)
            Terminal.write(
                "\(item.mediaId)  \(EventCoding.string(from: item.createdAt))  \(kind) \(Terminal.paint(item.status))\n")
        }
    }
}
