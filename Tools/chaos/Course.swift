import Events

/// What the events run through: two chained streams, read by three groups.
///
/// `relay` passes each event of the first stream on to the second; `audit` counts the first stream's events of each media in
/// its state; `sink` ends the second.
enum Course {
    static let first = Stream("chaos.first", groups: [.relay, .audit])
    static let second = Stream("chaos.second", groups: [.sink])
    /// What was done, told in the same commit as it was done: kept whole.
    static let journal = Stream("chaos.journal", groups: [], retention: .newest(count: 100_000_000))
    /// The counts of `audit`, in the order in which they became true.
    static let counts = Stream("chaos.counts", groups: [], retention: .newest(count: 100_000_000))

    static let stages: [(stream: Stream, group: Group)] = [(first, .relay), (first, .audit), (second, .sink)]
}

extension Group {
    static let relay = Group(rawValue: "relay")
    static let audit = Group(rawValue: "audit")
    static let sink = Group(rawValue: "sink")
}

/// A numbered event of a media, on the first stream.
struct Numbered: Event {
    static let name = "chaos.numbered"
    static let stream = Course.first

    let mediaId: MediaID
    let number: Int
}

/// The same, passed on.
struct Relayed: Event {
    static let name = "chaos.relayed"
    static let stream = Course.second

    let mediaId: MediaID
    let number: Int
}

/// A line of the journal.
struct JournalLine: Codable {
    let group: String
    let number: Int
    let worker: String
    let attempt: Int
    let deliveries: Int
    /// The stream in Redis, and since when the entry was there, in milliseconds since 1970.
    let source: String
    let since: Int
}

/// A line of `Course.counts`.
struct CountLine: Codable {
    let media: String
    let count: Int
}
