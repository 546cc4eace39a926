package import Events
package import FoundationEssentials
package import Messaging

/// What a transition makes of a record: the new record, and the commit that stores it and tells of it.
package struct Transition: Sendable {
    package let record: MediaRecord
    package let commit: Commit
}

/// When, by whom and on top of what a transition happens.
package struct TransitionContext: Sendable {
    /// The record's version in the state; 0 when there is none yet. Another version at commit time is a conflict.
    package let version: Int
    /// Cut to whole milliseconds, as it is stored, so that a record read back equals the one written.
    package let now: Date
    /// The service, for example `manifest-writer`.
    package let source: String
    package let trace: TraceParent

    package init(version: Int, now: Date = Date(), source: String, trace: TraceParent) {
        self.version = version
        self.now = now.wholeMilliseconds
        self.source = source
        self.trace = trace
    }

    /// An event about a record, with an id that a second run would give it again.
    func envelope<Body: Event>(_ event: Body, _ idSuffix: String) -> Envelope<Body> {
        Envelope(event, id: "\(event.mediaId).\(idSuffix)", source: source, time: now, trace: trace)
    }

    /// The change of status that a record has just made: once for the notifier, once for live listeners.
    func announce(_ record: MediaRecord) throws -> [Output] {
        let envelope = envelope(record.statusChanged, "r\(record.revision)")
        return [try Output(envelope), try Output(envelope, on: .feed)]
    }
}

extension Date {
    /// Milliseconds since 1970.
    var milliseconds: Double { (timeIntervalSince1970 * 1000).rounded() }

    func advanced(by duration: Duration) -> Date {
        let (seconds, attoseconds) = duration.components
        return addingTimeInterval(Double(seconds) + Double(attoseconds) / 1e18).wholeMilliseconds
    }
}
