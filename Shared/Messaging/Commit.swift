package import Events

/// Changes of keyed state and events to publish, applied together or not at all. Everything in one commit is about one
/// media, because only then it lies in one partition.
package struct Commit: Sendable, Hashable {
    package let mediaId: MediaID?
    package private(set) var changes: [StateChange]
    package private(set) var outputs: [Output]
    /// The lane in which the outputs travel; nil: that of the delivery that they follow from, or else the first.
    package private(set) var lane: Int?

    /// Nothing to change, nothing to tell.
    package static let nothing = Commit()

    private init() {
        mediaId = nil
        changes = []
        outputs = []
    }

    package init(_ mediaId: MediaID, changes: [StateChange] = [], outputs: [Output] = []) {
        self.mediaId = mediaId
        self.changes = changes
        self.outputs = outputs
    }

    package var isEmpty: Bool { changes.isEmpty && outputs.isEmpty }

    /// The same commit with its outputs in a lane of their streams; see `Stream.lane(behind:)`.
    package func inLane(_ lane: Int) -> Commit {
        var copy = self
        copy.lane = lane
        return copy
    }
}

/// An event on its way to a stream.
package struct Output: Sendable, Hashable {
    package let stream: Stream
    /// The envelope's JSON.
    package let payload: String

    package init(stream: Stream, payload: String) {
        self.stream = stream
        self.payload = payload
    }

    /// - Parameter stream: where it goes besides the event's own stream, for example the feed.
    package init<Body: Event>(_ envelope: Envelope<Body>, on stream: Stream = Body.stream) throws {
        self.stream = stream
        payload = String(decoding: try EventCoding.encode(envelope), as: UTF8.self)
    }
}

/// One change of the state that lives beside the streams of a partition. Names are prefixed by the bus.
package enum StateChange: Sendable, Hashable {
    /// Writes `value` and raises the version by one, if the version now is `expecting` (0: the key must not exist);
    /// otherwise the whole commit is a conflict. Without `lifetime` it stays for ever.
    case put(key: String, value: String, expecting: Int, lifetime: Duration? = nil)
    case delete(key: String)
    /// A member of a sorted index; equal scores are ordered by the member's bytes.
    case addToIndex(String, member: String, score: Double)
    case removeFromIndex(String, member: String)
}
