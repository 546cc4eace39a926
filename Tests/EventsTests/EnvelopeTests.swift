import Events
import FoundationEssentials
import Testing

@Suite struct EnvelopeTests {
    private let body: StepProgress

    init() throws {
        body = StepProgress(
            mediaId: .generate(), projectId: try #require(ProjectID("holiday")), step: .transcode, progress: 0.5)
    }

    @Test func fillsInWhatCloudEventsWants() throws {
        let trace = TraceParent.random()
        let envelope = Envelope(body, source: "transcoder", trace: trace)
        #expect(envelope.specversion == "1.0")
        #expect(envelope.source == "/transcoder")
        #expect(envelope.type == "millrace.step.progress.v1")
        #expect(envelope.subject == body.mediaId.rawValue)
        #expect(envelope.dataschema == "urn:millrace:step.progress:v1")
        #expect(envelope.datacontenttype == "application/json")
        #expect(envelope.traceparent == trace.rawValue)
        #expect(Envelope(body, source: "transcoder", trace: trace).id != envelope.id)
        #expect(Envelope(body, id: "chosen", source: "transcoder", trace: trace).id == "chosen")
    }

    @Test func writesTheSameBytesForTheSameEvent() throws {
        let envelope = Envelope(body, source: "transcoder", trace: .random())
        let bytes = try EventCoding.encode(envelope)
        #expect(try EventCoding.encode(envelope) == bytes)
        #expect(try EventCoding.encode(try EventCoding.decode(Envelope<StepProgress>.self, from: bytes)) == bytes)
        #expect(!String(decoding: bytes, as: UTF8.self).contains("\\/"))
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00.000Z", 0.0), ("2026-11-22T20:36:00.123Z", 1_795_379_760.123),
        ("2026-11-22T20:36:00Z", 1_795_379_760),
    ])
    func readsDates(_ text: String, _ seconds: Double) throws {
        let date = try #require(EventCoding.date(from: text))
        #expect(abs(date.timeIntervalSince1970 - seconds) < 0.0005)
    }

    @Test(arguments: ["", "yesterday", "2026-11-22", "2026-13-45T99:99:99Z", "1795379760"])
    func refusesWhatIsNoDate(_ text: String) { #expect(EventCoding.date(from: text) == nil) }

    @Test func writesDatesToTheMillisecond() throws {
        for _ in 0..<1000 {
            let milliseconds = Int.random(in: 0..<4_000_000_000_000)
            let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
            let text = EventCoding.string(from: date)
            let again = try #require(EventCoding.date(from: text))
            #expect(Int((again.timeIntervalSince1970 * 1000).rounded()) == milliseconds, "\(text)")
            #expect(text.hasSuffix("Z") && text.utf8.count == 24, "\(text)")
        }
    }
}
