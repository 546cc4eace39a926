import FoundationEssentials

/// What SeaweedFS's filer tells of its files; buckets are folders below `/buckets`. Source: `weed/notification/webhook` of its sources.
struct SeaweedEvent: Decodable {
    /// None for a folder and for what lies in no bucket, two for a file that was renamed.
    let events: [StoreEvent]

    init(from decoder: any Decoder) throws {
        let members = try Members(from: decoder)
        guard members.message?.isAboutFolder != true else {
            events = []
            return
        }
        switch members.eventType {
        case "create", "update": events = try Self.event(.created, members.key, members.message?.newEntry)
        case "delete": events = try Self.event(.removed, members.key, members.message?.oldEntry)
        case "rename":
            let entry = members.message?.newEntry
            let target = "\(members.message?.newParentPath ?? "")/\(entry?.name ?? "")"
            events = try Self.event(.removed, members.key, nil) + Self.event(.created, target, entry)
        default: throw StoreEventError(.unknownDialect, "event_type is none of SeaweedFS's")
        }
    }

    private static func event(_ kind: StoreEvent.Kind, _ path: String, _ entry: Entry?) throws -> [StoreEvent] {
        let parts = path.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].isEmpty, parts[1] == "buckets", !parts[2].isEmpty, !parts[3].isEmpty else { return [] }
        var event = StoreEvent(
            .seaweedfs, kind, bucket: String(parts[2]), key: try KeyCoding.raw.decode(String(parts[3])))
        if kind == .created { event.size = entry?.attributes?.fileSize?.number }
        event.time = entry?.attributes?.mtime?.number.map { Date(timeIntervalSince1970: Double($0)) }
        return [event]
    }

    private struct Members: Decodable {
        let key: String
        let eventType: String
        let message: Notification?

        enum CodingKeys: String, CodingKey {
            case key, message
            case eventType = "event_type"
        }
    }

    private struct Notification: Decodable {
        let oldEntry: Entry?
        let newEntry: Entry?
        let newParentPath: String?

        enum CodingKeys: String, CodingKey {
            case oldEntry = "old_entry"
            case newEntry = "new_entry"
            case newParentPath = "new_parent_path"
        }

        var isAboutFolder: Bool { (newEntry ?? oldEntry)?.isDirectory == true }
    }

    private struct Entry: Decodable {
        let name: String?
        let isDirectory: Bool?
        let attributes: Attributes?

        enum CodingKeys: String, CodingKey {
            case name, attributes
            case isDirectory = "is_directory"
        }
    }

    private struct Attributes: Decodable {
        let fileSize: Flexible?
        let mtime: Flexible?

        enum CodingKeys: String, CodingKey {
            case mtime
            case fileSize = "file_size"
        }
    }
}
