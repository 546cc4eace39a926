/// One event of a `text/event-stream`.
package struct EventStreamEvent: Sendable, Hashable {
    /// `message` where the stream gives none.
    package let name: String
    /// The last id the stream has given so far; what to send as `Last-Event-ID`.
    package let id: String
    package let data: String
}

/// Reads a `text/event-stream` from chunks that end anywhere.
///
/// Source: HTML Living Standard, 9.2.6 "Interpreting an event stream". Lines and events end at 1 MiB.
package struct EventStreamParser: Sendable {
    /// The id of the newest complete block, also of one that was no event: where to resume.
    package private(set) var lastEventID = ""
    /// How long the server wants clients to wait before they connect again.
    package private(set) var retry: Duration?

    private var line: [UInt8] = []
    private var endedWithCarriageReturn = false
    private var isFirstLine = true
    private var id = ""
    private var name = ""
    private var data: [String] = []
    private var size = 0

    private static let limit = 1 << 20

    package init() {}

    /// - Returns: the events that this chunk completes.
    /// - Throws: `.tooLarge` for a line or event beyond the limit.
    package mutating func append(_ chunk: some Sequence<UInt8>) throws(HTTPClientError) -> [EventStreamEvent] {
        var events: [EventStreamEvent] = []
        for byte in chunk {
            let followsCarriageReturn = endedWithCarriageReturn
            endedWithCarriageReturn = byte == 13
            switch byte {
            case 10 where followsCarriageReturn: continue
            case 10, 13: if let event = endLine() { events.append(event) }
            default:
                line.append(byte)
                size += 1
                guard size <= Self.limit else { throw HTTPClientError(.tooLarge, "an event is longer than 1 MiB") }
            }
        }
        return events
    }

    private mutating func endLine() -> EventStreamEvent? {
        var text = String(decoding: line, as: UTF8.self)
        line = []
        if isFirstLine, text.unicodeScalars.first == "\u{feff}" { text.unicodeScalars.removeFirst() }
        isFirstLine = false
        guard !text.isEmpty else { return dispatch() }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count > 1 ? parts[1] : ""
        if value.first == " " { value.removeFirst() }
        set(parts[0], String(value))
        return nil
    }

    private mutating func set(_ field: Substring, _ value: String) {
        switch field {
        case "event": name = value
        case "data": data.append(value)
        case "id" where !value.contains("\0"): id = value
        case "retry": if let milliseconds = UInt32(value) { retry = .milliseconds(Int(milliseconds)) }
        default: break
        }
    }

    private mutating func dispatch() -> EventStreamEvent? {
        defer { (name, data, size) = ("", [], 0) }
        lastEventID = id
        guard !data.isEmpty else { return nil }
        return EventStreamEvent(name: name.isEmpty ? "message" : name, id: lastEventID, data: data.joined(separator: "\n"))
    }
}
