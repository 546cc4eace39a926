package import Events
import FoundationEssentials

/// A handler with its event type erased: what a consumer looks up by the envelope's `type`.
package struct Route: Sendable {
    /// A decoded event, and what its handler does with it.
    struct Opened: Sendable {
        let header: EnvelopeHeader
        let span: UInt64
        let handle: @Sendable () async throws -> Commit
        let abandon: @Sendable (Failure) async throws -> Commit
        let postpone: @Sendable () throws -> Commit
    }

    package let stream: Stream
    let type: String
    /// Decodes; throws `DecodingError` for a payload that does not fit the type.
    let open: @Sendable (_ payload: String, _ attempt: Int) throws -> Opened

    package init<H: Handler>(_ handler: H) {
        stream = H.Input.stream
        type = H.Input.type
        open = { payload, attempt in
            let span = TraceParent.newSpan()
            let incoming = Incoming(envelope: try Envelope<H.Input>.read(payload), attempt: attempt, span: span)
            return Opened(
                header: EnvelopeHeader(incoming.envelope), span: span, handle: { try await handler.handle(incoming) },
                abandon: { try await handler.abandon(incoming, because: $0) }, postpone: { try handler.postpone(incoming) })
        }
    }
}

/// The routes of a consumer.
struct Routes: Sendable {
    enum Found {
        case event(Route.Opened)
        case unknownType(EnvelopeHeader)
        case malformed(EnvelopeHeader?, detail: String)
    }

    private let byType: [String: Route]
    /// The route of a stream that carries one type: its events need not be read twice.
    private let byStream: [Stream: Route]
    let streams: [Stream]

    init(_ routes: [Route]) {
        byType = Dictionary(routes.map { ($0.type, $0) }, uniquingKeysWith: { first, _ in first })
        let grouped = Dictionary(grouping: byType.values, by: \.stream)
        byStream = grouped.compactMapValues { $0.count == 1 ? $0[0] : nil }
        streams = routes.map(\.stream).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    func find(_ delivery: Delivery) -> Found {
        if let route = byStream[delivery.stream], let opened = try? route.open(delivery.payload, delivery.attempt),
            opened.header.type == route.type, opened.header.specversion == "1.0"
        {
            return .event(opened)
        }
        guard let header = try? EventCoding.decode(EnvelopeHeader.self, from: Data(delivery.payload.utf8)),
            header.specversion == "1.0"
        else {
            return .malformed(nil, detail: "not a CloudEvents 1.0 envelope")
        }
        guard let route = byType[header.type] else { return .unknownType(header) }
        do { return .event(try route.open(delivery.payload, delivery.attempt)) } catch {
            return .malformed(header, detail: String(describing: error))
        }
    }
}
