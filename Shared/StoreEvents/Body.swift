import FoundationEssentials

/// A body of whatever dialect, told by the names of its members.
struct Body: Decodable {
    let message: StoreMessage

    init(from decoder: any Decoder) throws {
        if let list = try? decoder.unkeyedContainer() {
            message = .events(try Self.events(of: list, decoder.limits))
        } else {
            message = try Self.message(from: decoder)
        }
    }

    private static func message(from decoder: any Decoder) throws -> StoreMessage {
        let names = Set(try decoder.container(keyedBy: MemberName.self).allKeys.map(\.stringValue))
        if names.contains("Records") { return .events(try S3Records(from: decoder).events) }
        if names.isSuperset(of: ["Type", "TopicArn"]) { return .sns(try SNSMessage(from: decoder)) }
        if names.contains("specversion") { return .events(try CloudEvent(from: decoder).events) }
        if names.isSuperset(of: ["detail-type", "detail"]) { return .events([try EventBridgeEvent(from: decoder).event]) }
        if names.isSuperset(of: ["event_type", "key"]) { return .events(try SeaweedEvent(from: decoder).events) }
        if names.isSuperset(of: ["Event", "Bucket"]) { return .events([try TestEvent(from: decoder).event]) }
        if names.contains("s3") { return .events([try S3Record(from: decoder).event]) }
        throw StoreEventError(.unknownDialect, "not an event of a store")
    }

    /// A batch of CloudEvents, or of VersityGW's bare records.
    private static func events(of list: any UnkeyedDecodingContainer, _ limits: StoreMessage.Limits) throws -> [StoreEvent] {
        var (list, events) = (list, [StoreEvent]())
        while !list.isAtEnd {
            guard case .events(let more) = try list.decode(Body.self).message else {
                throw StoreEventError(.unknownDialect, "an envelope stands in a list")
            }
            events += more
            guard events.count <= limits.records else { throw StoreEventError.tooMany(limits) }
        }
        return events
    }
}

/// Any member of an object.
struct MemberName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension CodingUserInfoKey {
    static var limits: CodingUserInfoKey { CodingUserInfoKey(rawValue: "limits") ?? Self.none }
    private static var none: CodingUserInfoKey { preconditionFailure("every text is a key") }
}

extension Decoder {
    var limits: StoreMessage.Limits { userInfo[.limits] as? StoreMessage.Limits ?? StoreMessage.Limits() }
}

extension StoreEventError {
    static func tooMany(_ limits: StoreMessage.Limits) -> StoreEventError {
        StoreEventError(.tooManyRecords, "the body has more than \(limits.records) records")
    }
}
