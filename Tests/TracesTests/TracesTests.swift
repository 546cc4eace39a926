import Events
import Synchronization
import Testing
import Traces

@Suite struct TracesTests {
    private func trace(_ text: String = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01") throws -> TraceParent {
        try #require(TraceParent(rawValue: text))
    }

    private func span(_ name: String = "work") throws -> Span {
        Span(name, .consumer, trace: try trace(), parent: nil, start: 1, end: 2)
    }

    /// Against the encoding that collectors take, word by word.
    @Test func goldenText() throws {
        let parent = try trace()
        let spans = [
            Span(
                "GET /x", .server, trace: parent.child(span: 0xb8), parent: parent, start: 1_700_000_000_000_000_001,
                end: 1_700_000_000_000_000_009, attributes: ["b": "2", "a": "1"], error: "status 500"),
            Span("first", .internal, trace: parent, parent: nil, start: 5, end: 6),
        ]
        let text = String(decoding: try OTLPTraces(spans, resource: ["service.name": "test"]).encoded(), as: UTF8.self)
        #expect(
            text == """
                {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"test"}}]},\
                "scopeSpans":[{"scope":{"name":"millrace"},"spans":[\
                {"attributes":[{"key":"a","value":{"stringValue":"1"}},{"key":"b","value":{"stringValue":"2"}}],\
                "endTimeUnixNano":"1700000000000000009","kind":2,"name":"GET /x","parentSpanId":"00f067aa0ba902b7",\
                "spanId":"00000000000000b8","startTimeUnixNano":"1700000000000000001",\
                "status":{"code":2,"message":"status 500"},"traceId":"4bf92f3577b34da6a3ce929d0e0e4736"},\
                {"attributes":[],"endTimeUnixNano":"6","kind":1,"name":"first","spanId":"00f067aa0ba902b7",\
                "startTimeUnixNano":"5","status":{"code":0},"traceId":"4bf92f3577b34da6a3ce929d0e0e4736"}]}]}]}
                """)
    }

    @Test func theQueueIsBounded() throws {
        let queue = SpanQueue(limit: 3)
        for number in 0..<5 { queue.add(try span("\(number)")) }
        let first = queue.take(atMost: 2)
        #expect(first.spans.map(\.name) == ["0", "1"] && first.dropped == 2)
        queue.add(try span("5"))
        let rest = queue.take(atMost: 9)
        #expect(rest.spans.map(\.name) == ["2", "5"] && rest.dropped == 0)
    }

    @Test func onlyWhatIsWantedIsMade() throws {
        let made = Mutex(0)
        let taken = Mutex<[String]>([])
        func record(_ flags: String) throws {
            let trace = try trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-\(flags)")
            Spans.record(
                {
                    made.withLock { $0 += 1 }
                    return Span(flags, .client, trace: trace, parent: nil, start: 1, end: 2)
                }())
        }
        try record("01")
        #expect(made.withLock { $0 } == 0)
        Spans.send { span in taken.withLock { $0.append(span.name) } }
        defer { Spans.send(to: nil) }
        try record("01")
        try record("00")
        #expect(made.withLock { $0 } == 2 && taken.withLock { $0 } == ["01"])
    }
}
