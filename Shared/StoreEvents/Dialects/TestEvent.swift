/// What S3 sends when a notification is configured, in a shape of its own.
struct TestEvent: Decodable {
    let event: StoreEvent

    private enum CodingKeys: String, CodingKey {
        case event = "Event"
        case bucket = "Bucket"
        case time = "Time"
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        let name = try members.decode(String.self, forKey: .event)
        var event = StoreEvent(.aws, .init(eventName: name), bucket: try members.decode(String.self, forKey: .bucket), key: "")
        guard event.kind == .test else { throw StoreEventError(.unknownDialect, "not an event of a store") }
        event.time = EventTime.parse(try? members.decode(String.self, forKey: .time))
        self.event = event
    }
}
