import Events
import Testing

@Suite struct TraceParentTests {
    /// The example of W3C Trace Context, section 3.2.4.
    private let example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test func acceptsTheExample() { #expect(TraceParent(rawValue: example)?.rawValue == example) }

    @Test(arguments: [
        "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
        " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ])
    func refuses(_ text: String) { #expect(TraceParent(rawValue: text) == nil) }

    @Test func aChildIsAnotherSpanOfTheSameTrace() throws {
        let parent = try #require(TraceParent(rawValue: example))
        let child = parent.child()
        #expect(TraceParent(rawValue: child.rawValue) == child)
        #expect(child.rawValue.prefix(36) == example.prefix(36))
        #expect(child.rawValue.suffix(3) == "-01")
        #expect(child != parent)
    }

    @Test func itsPartsCanBeRead() throws {
        let trace = try #require(TraceParent(rawValue: example))
        #expect(trace.traceId == "4bf92f3577b34da6a3ce929d0e0e4736" && trace.spanId == "00f067aa0ba902b7")
        #expect(trace.isSampled && TraceParent(rawValue: String(example.dropLast(2)) + "02")?.isSampled == false)
        #expect(trace.child(span: 0xb7).rawValue == "00-4bf92f3577b34da6a3ce929d0e0e4736-00000000000000b7-01")
    }

    @Test func randomOnesAreValidAndDiffer() {
        let traces = (0..<1000).map { _ in TraceParent.random() }
        #expect(Set(traces).count == 1000)
        for trace in traces { #expect(TraceParent(rawValue: trace.rawValue) == trace) }
    }
}
