package import FoundationEssentials

/// A CloudEvents 1.0 envelope in JSON mode, plus the distributed-tracing extension `traceparent`.
///
/// Source: CloudEvents 1.0.2, sections 3.1 and 3.2; W3C Trace Context.
package struct Envelope<Body: Event>: Codable, Sendable {
    package var specversion = "1.0"
    /// Unique for one occurrence; it stays the same through retries, replays and webhook deliveries.
    package let id: String
    /// The service that produced the event, for example `/ingest-listener`.
    package let source: String
    package let type: String
    /// The media's id.
    package let subject: String
    package let time: Date
    package var datacontenttype = "application/json"
    package let dataschema: String
    package let traceparent: String
    package let data: Body

    /// - Parameters:
    ///   - id: pass a value derived from the cause where a second run must produce the same event.
    package init(_ data: Body, id: String? = nil, source: String, time: Date = Date(), trace: TraceParent) {
        self.id = id ?? MediaID.generate(at: time).rawValue
        self.source = "/" + source
        self.type = Body.type
        self.subject = data.mediaId.rawValue
        self.time = time
        self.dataschema = "urn:millrace:\(Body.name):v\(Body.version)"
        self.traceparent = trace.rawValue
        self.data = data
    }
}

extension Envelope {
    /// Reads an envelope; quickly, if it is written as we write it.
    /// - Throws: `DecodingError`.
    package static func read(_ text: String) throws -> Envelope {
        guard let parts = EnvelopeText(text), let time = EventCoding.date(from: parts[.time]) else {
            return try EventCoding.decode(Envelope.self, from: Data(text.utf8))
        }
        return Envelope(parts, time, try EventCoding.decode(Body.self, from: parts.data))
    }

    private init(_ parts: EnvelopeText, _ time: Date, _ data: Body) {
        specversion = parts[.specversion]
        id = parts[.id]
        source = parts[.source]
        type = parts[.type]
        subject = parts[.subject]
        self.time = time
        datacontenttype = parts[.datacontenttype]
        dataschema = parts[.dataschema]
        traceparent = parts[.traceparent]
        self.data = data
    }
}

/// What can be read of any envelope before its body's type is known.
package struct EnvelopeHeader: Codable, Sendable {
    package let specversion: String
    package let id: String
    package let type: String
    package let subject: String
    package let traceparent: String?

    package init(_ envelope: Envelope<some Event>) {
        specversion = envelope.specversion
        id = envelope.id
        type = envelope.type
        subject = envelope.subject
        traceparent = envelope.traceparent
    }

    package var trace: TraceParent? { traceparent.flatMap(TraceParent.init(rawValue:)) }
}
