package import Events

/// What a service does with one type of event.
package protocol Handler<Input>: Sendable {
    associatedtype Input: Event

    /// Does the work and says what follows from it. It may run again for the same event: derived objects have
    /// deterministic keys and everything else belongs into the commit. It begins on the thread that reads the bus: long work must
    /// be waited for, not done in place.
    /// - Throws: `Failure`, already judged; any other error counts as transient.
    func handle(_ incoming: Incoming<Input>) async throws -> Commit

    /// What to tell others when the event is given up (permanent failure, attempts exhausted, crashed workers).
    func abandon(_ incoming: Incoming<Input>, because failure: Failure) async throws -> Commit

    /// What to tell others when the event has to wait for something that takes its time: a failure with a patience of its own.
    func postpone(_ incoming: Incoming<Input>) throws -> Commit
}

extension Handler {
    package func postpone(_ incoming: Incoming<Input>) throws -> Commit { .nothing }
    package func abandon(_ incoming: Incoming<Input>, because failure: Failure) async throws -> Commit { .nothing }
}

/// A decoded event and what is known of its delivery.
package struct Incoming<Body: Event>: Sendable {
    package let envelope: Envelope<Body>
    /// 1 on the first try.
    package let attempt: Int
    private let span: UInt64

    package init(envelope: Envelope<Body>, attempt: Int) {
        self.init(envelope: envelope, attempt: attempt, span: TraceParent.newSpan())
    }

    /// - Parameter span: of this delivery's work.
    init(envelope: Envelope<Body>, attempt: Int, span: UInt64) {
        self.envelope = envelope
        self.attempt = attempt
        self.span = span
    }

    /// The same delivery of another event that says the same: with its trace and the span of its work.
    package func map<Other: Event>(_ change: (Body) -> Other) -> Incoming<Other> {
        let parent = TraceParent(rawValue: envelope.traceparent) ?? .random()
        let source = String(envelope.source.drop { $0 == "/" })
        let other = Envelope(change(envelope.data), id: envelope.id, source: source, time: envelope.time, trace: parent)
        return Incoming<Other>(envelope: other, attempt: attempt, span: span)
    }

    package var event: Body { envelope.data }
    /// The event's trace with the span of this delivery's work: what its outputs carry.
    package var trace: TraceParent { TraceParent(rawValue: envelope.traceparent)?.child(span: span) ?? .random() }
}

/// A handler's failure, judged where it happened.
package struct Failure: Error, Sendable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// Try again; after `delay`, or after what the policy says.
        case transient(delay: Duration?)
        /// No retry can help.
        case permanent
    }

    package let kind: Kind
    package let reason: String
    /// What the media's status shows, where the failure is the media's own.
    package let mediaError: MediaError?
    /// When it is tried again, where that is not as the consumer's other failures are.
    package let policy: RetryPolicy?

    package var description: String { reason }

    private init(_ kind: Kind, _ reason: String, _ mediaError: MediaError? = nil, _ policy: RetryPolicy? = nil) {
        (self.kind, self.reason, self.mediaError, self.policy) = (kind, reason, mediaError, policy)
    }

    package static func transient(_ reason: String, retryAfter delay: Duration? = nil) -> Failure {
        Failure(.transient(delay: delay), reason)
    }

    /// A failure with a patience of its own.
    package static func transient(_ reason: String, _ policy: RetryPolicy) -> Failure {
        Failure(.transient(delay: nil), reason, nil, policy)
    }

    package static func permanent(_ reason: String) -> Failure { Failure(.permanent, reason) }

    package static func permanent(_ error: MediaError) -> Failure {
        Failure(.permanent, "\(error.code.rawValue): \(error.message)", error)
    }
}
