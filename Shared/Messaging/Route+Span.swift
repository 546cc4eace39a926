import Events
import Traces

extension Route.Opened {
    /// The work on one delivery, in the trace of its event; the names are those of OpenTelemetry's conventions for messaging.
    /// - Parameter start: nanoseconds since 1970.
    func span(of delivery: Delivery, from start: Int64, _ error: (any Error)?) -> Span {
        Span(
            "process \(delivery.stream.name)", .consumer, trace: header.trace?.child(span: span) ?? .random(),
            parent: header.trace, start: start, end: Spans.now(),
            attributes: [
                "messaging.system": "redis", "messaging.destination.name": delivery.stream.name,
                "messaging.consumer.group.name": delivery.group.rawValue, "messaging.message.id": header.id,
                "millrace.media.id": header.subject, "millrace.attempt": "\(delivery.attempt)",
            ],
            error: error.map { String("\($0)".prefix(300)) })
    }
}
