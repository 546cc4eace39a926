import FoundationEssentials

/// Amazon EventBridge. Source: Amazon S3 User Guide, "EventBridge event message structure".
struct EventBridgeEvent: Decodable {
    let event: StoreEvent

    init(from decoder: any Decoder) throws {
        let members = try Members(from: decoder)
        let object = members.detail.object
        var event = StoreEvent(
            .eventBridge, StoreEvent.Kind(detailType: members.detailType), bucket: members.detail.bucket.name,
            key: try KeyCoding.raw.decode(object.key))
        event.size = object.size?.number
        event.etag = object.etag?.withoutQuotes.orNil
        event.version = object.versionId?.orNil
        event.sequencer = Sequencer(object.sequencer)
        event.time = EventTime.parse(members.time)
        self.event = event
    }

    private struct Members: Decodable {
        let detailType: String
        let time: String?
        let detail: Detail

        enum CodingKeys: String, CodingKey {
            case detailType = "detail-type"
            case time, detail
        }
    }

    private struct Detail: Decodable {
        let bucket: Bucket
        let object: Object

        struct Bucket: Decodable { let name: String }
    }

    private struct Object: Decodable {
        let key: String
        let size: Flexible?
        let etag: String?
        let versionId: String?
        let sequencer: String?

        enum CodingKeys: String, CodingKey {
            case key, size, etag, sequencer
            case versionId = "version-id"
        }
    }
}

extension StoreEvent.Kind {
    fileprivate init(detailType: String) {
        switch detailType {
        case "Object Created": self = .created
        case "Object Deleted": self = .removed
        case "Object Restore Completed": self = .restored
        default: self = .other(String(detailType.prefix(100)))
        }
    }
}
