import FoundationEssentials

/// `Records` as AWS made them up and others write them. Source: Amazon S3 User Guide, "Event message structure"; Ceph, "S3 bucket
/// notifications compatibility"; the sources of MinIO, RustFS and VersityGW.
struct S3Records: Decodable {
    let events: [StoreEvent]

    private enum CodingKeys: String, CodingKey { case records = "Records" }

    init(from decoder: any Decoder) throws {
        var list = try decoder.container(keyedBy: CodingKeys.self).nestedUnkeyedContainer(forKey: .records)
        var events: [StoreEvent] = []
        while !list.isAtEnd {
            guard events.count < decoder.limits.records else { throw StoreEventError.tooMany(decoder.limits) }
            events.append(try list.decode(S3Record.self).event)
        }
        self.events = events
    }
}

struct S3Record: Decodable {
    let event: StoreEvent

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        // RustFS's webhook wraps each record.
        if members.contains(.data), !members.contains(.s3) {
            event = try members.decode(S3Record.self, forKey: .data).event
            return
        }
        let record = try Members(from: decoder)
        let dialect = record.dialect
        let object = record.s3.object
        var event = StoreEvent(
            dialect, StoreEvent.Kind(eventName: record.eventName), bucket: record.s3.bucket.name,
            key: try dialect.keyCoding.decode(object.key))
        event.size = object.size?.number
        event.etag = (object.eTag ?? object.etag)?.withoutQuotes.orNil
        event.version = object.versionId?.orNil
        event.sequencer = dialect.sequencer(object.sequencer)
        event.time = EventTime.parse(record.eventTime)
        self.event = event
    }

    private enum CodingKeys: String, CodingKey { case data, s3 }
}

private struct Members: Decodable {
    let eventSource: String?
    let eventName: String
    let eventTime: String?
    let userIdentity: Identity?
    let s3: S3

    struct Identity: Decodable {
        let capitalised: String?
        enum CodingKeys: String, CodingKey { case capitalised = "PrincipalId" }
    }
    struct S3: Decodable {
        let bucket: Bucket
        let object: Object
    }
    struct Bucket: Decodable { let name: String }
    struct Object: Decodable {
        let key: String
        let size: Flexible?
        let eTag: String?
        let etag: String?
        let versionId: String?
        let sequencer: String?
    }

    var dialect: Dialect {
        switch eventSource {
        case "minio:s3": .minio
        case "rustfs:s3": .rustfs
        case "ceph:s3": .ceph
        case _ where userIdentity?.capitalised != nil: .versitygw
        default: .aws
        }
    }
}

extension Dialect {
    var keyCoding: KeyCoding {
        switch self {
        case .aws: .form
        case .minio, .rustfs: .formWithSlashes
        case .ceph, .versitygw, .eventBridge, .seaweedfs: .raw
        }
    }

    /// MinIO's and the others' tell clocks of several machines, not an order.
    func sequencer(_ text: String?) -> Sequencer? {
        switch self {
        case .aws, .eventBridge: Sequencer(text)
        case .ceph: Sequencer(ceph: text)
        case .minio, .rustfs, .versitygw, .seaweedfs: nil
        }
    }
}

extension StoreEvent.Kind {
    /// `ObjectCreated:Put`, with or without `s3:` in front.
    init(eventName: String) {
        let name = eventName.hasPrefix("s3:") ? eventName.dropFirst(3) : eventName[...]
        let family = name.prefix { $0 != ":" }
        switch family {
        case "ObjectCreated": self = .created
        case "ObjectSynced" where name.hasPrefix("ObjectSynced:Create"): self = .created
        case "ObjectRemoved", "LifecycleExpiration": self = .removed
        case "ObjectLifecycle" where name.hasPrefix("ObjectLifecycle:Expiration"): self = .removed
        case "ObjectRestore" where name == "ObjectRestore:Completed": self = .restored
        case "TestEvent": self = .test
        default: self = .other(String(name.prefix(100)))
        }
    }
}
