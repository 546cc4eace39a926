/// A block of an event stream as text.
///
/// Source: HTML Living Standard, 9.2.5 "Parsing an event stream".
enum ServerSentEvent {
    /// `json` must be one line, which `EventCoding` makes.
    static func event(_ name: String, id: FeedCursor, json: String) -> String { "event: \(name)\nid: \(id)\ndata: \(json)\n\n" }

    /// Tells the listener that events are missing: what it knows must be fetched anew.
    static func reset(at id: FeedCursor) -> String { event("reset", id: id, json: "{}") }

    /// The beginning: how long to wait before connecting again, and from where, even if nothing ever follows.
    static func opening(at id: FeedCursor) -> String { "retry: 2000\nid: \(id)\n\n" }

    /// A comment keeps proxies from closing the connection. The id moves on past events that were not for this listener.
    static func heartbeat(at id: FeedCursor) -> String { ":\nid: \(id)\n\n" }
}
