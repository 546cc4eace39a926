internal import Events
internal import FoundationEssentials

/// Spans as a collector takes them.
///
/// Source: OTLP 1.3, `ExportTraceServiceRequest` in its JSON encoding: ids in hex, 64-bit numbers as text.
package struct OTLPTraces: Encodable {
    private let resourceSpans: [ResourceSpans]

    /// - Parameter resource: what all of them have in common, for example `service.name`.
    package init(_ spans: [Span], resource: [String: String]) {
        let scope = ScopeSpans(scope: .init(name: "millrace"), spans: spans.map(SpanText.init))
        resourceSpans = [ResourceSpans(resource: .init(attributes: attributes(resource)), scopeSpans: [scope])]
    }

    package func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    private struct ResourceSpans: Encodable {
        let resource: Resource
        let scopeSpans: [ScopeSpans]
    }

    private struct Resource: Encodable { let attributes: [Attribute] }

    private struct ScopeSpans: Encodable {
        struct Scope: Encodable { let name: String }
        let scope: Scope
        let spans: [SpanText]
    }
}

private struct Attribute: Encodable {
    struct Value: Encodable { let stringValue: String }
    let key: String
    let value: Value
}

private func attributes(_ pairs: [String: String]) -> [Attribute] {
    pairs.sorted { $0.key < $1.key }.map { Attribute(key: $0.key, value: .init(stringValue: $0.value)) }
}

private struct SpanText: Encodable {
    /// 0 unset, 2 error.
    struct Status: Encodable {
        let code: Int
        var message: String?
    }

    let traceId: String
    let spanId: String
    let parentSpanId: String?
    let name: String
    let kind: Int
    let startTimeUnixNano: String
    let endTimeUnixNano: String
    let attributes: [Attribute]
    let status: Status

    init(_ span: Span) {
        traceId = span.trace.traceId
        spanId = span.trace.spanId
        parentSpanId = span.parent?.spanId
        name = span.name
        kind = span.kind.rawValue
        startTimeUnixNano = String(span.start)
        endTimeUnixNano = String(span.end)
        attributes = Traces.attributes(span.attributes)
        status = span.error.map { Status(code: 2, message: $0) } ?? Status(code: 0)
    }
}
