package import FoundationEssentials

/// One message of the wire contract: its payload, its name and the stream that carries it stand side by side.
///
/// A breaking change is a new `version` (a new type); readers ignore fields they do not know.
package protocol Event: Codable, Sendable {
    /// The name without prefix and version, for example `media.ingested`.
    static var name: String { get }
    static var version: Int { get }
    static var stream: Stream { get }
    /// The media this event is about. All events of one media share a partition.
    var mediaId: MediaID { get }
}

extension Event {
    package static var version: Int { 1 }
    /// The CloudEvents `type`, for example `millrace.media.ingested.v1`.
    package static var type: String { "millrace.\(name).v\(version)" }
}

/// How every event, record and manifest is written: camelCase keys in a stable order, dates as RFC 3339 in milliseconds.
package enum EventCoding {
    private static let encoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(string(from: date))
        }
        return encoder
    }()

    private static let decoder = {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = try decoder.singleValueContainer().decode(String.self)
            guard let date = date(from: text) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "not an RFC 3339 date: \(text)"))
            }
            return date
        }
        return decoder
    }()

    package static func encode(_ value: some Encodable) throws -> Data { try encoder.encode(value) }

    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: Data) throws -> Value {
        try decoder.decode(type, from: bytes)
    }

    package static func string(from date: Date) -> String {
        UTCTime(date).map(\.text)
            // The style cuts digits off: half a millisecond keeps what lies a hair below its millisecond from losing it.
            ?? date.wholeMilliseconds.addingTimeInterval(0.0005)
            .formatted(.iso8601.year().month().day().timeZone(separator: .omitted).time(includingFractionalSeconds: true))
    }

    package static func date(from text: String) -> Date? {
        if let time = UTCTime(text) { return time.date }
        let date =
            (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
            ?? (try? Date.ISO8601FormatStyle().parse(text))
        return date?.wholeMilliseconds
    }
}

extension Date {
    /// The nearest whole millisecond: what survives being written and read any number of times.
    package var wholeMilliseconds: Date {
        Date(timeIntervalSince1970: (timeIntervalSince1970 * 1000).rounded() / 1000)
    }
}
