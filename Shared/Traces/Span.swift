package import Events

/// One piece of work in a trace, as OpenTelemetry knows it.
package struct Span: Sendable, Hashable {
    /// The numbers are those of OTLP.
    package enum Kind: Int, Sendable, Hashable {
        case `internal` = 1
        case server, client, producer, consumer
    }

    package let name: String
    package let kind: Kind
    /// Its own: what it hands on to others.
    package let trace: TraceParent
    /// What it was begun by, of the same trace; nil for the first of a trace.
    package let parent: TraceParent?
    /// Nanoseconds since 1970.
    package let start: Int64
    package let end: Int64
    package let attributes: [String: String]
    /// Why it failed; nil when it did not.
    package let error: String?

    package init(
        _ name: String, _ kind: Kind, trace: TraceParent, parent: TraceParent?, start: Int64, end: Int64,
        attributes: [String: String] = [:], error: String? = nil
    ) {
        self.name = name
        self.kind = kind
        self.trace = trace
        self.parent = parent
        self.start = start
        self.end = end
        self.attributes = attributes
        self.error = error
    }
}
