import FoundationEssentials

/// An event of a store in a CloudEvent's envelope. Sources: CloudEvents 1.0.2, "JSON event format"; its "AWS S3 adapter", which puts
/// a record into `data`. What stands in `data` tells its dialect itself.
struct CloudEvent: Decodable {
    let events: [StoreEvent]

    private enum CodingKeys: String, CodingKey {
        case specversion, data
        case base64 = "data_base64"
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        guard try members.decode(String.self, forKey: .specversion).hasPrefix("1.") else {
            throw StoreEventError(.unknownDialect, "a CloudEvent of another version than 1")
        }
        guard case .events(let events) = try Self.content(members, decoder.limits) else {
            throw StoreEventError(.unknownDialect, "an SNS envelope stands in a CloudEvent")
        }
        self.events = events
    }

    private static func content(
        _ members: KeyedDecodingContainer<CodingKeys>, _ limits: StoreMessage.Limits
    ) throws -> StoreMessage {
        if let text = try? members.decode(String.self, forKey: .data) { return try nested(Data(text.utf8), limits) }
        guard members.contains(.data) else {
            guard let bytes = Data(base64Encoded: try members.decode(String.self, forKey: .base64)) else {
                throw StoreEventError(.malformed, "data_base64 cannot be read")
            }
            return try nested(bytes, limits)
        }
        return try members.decode(Body.self, forKey: .data).message
    }

    static func nested(_ body: Data, _ limits: StoreMessage.Limits) throws(StoreEventError) -> StoreMessage {
        guard limits.depth > 0 else { throw StoreEventError(.tooLarge, "too many envelopes stand in each other") }
        var inner = limits
        inner.depth -= 1
        return try StoreMessage.parse(body, limits: inner)
    }
}
