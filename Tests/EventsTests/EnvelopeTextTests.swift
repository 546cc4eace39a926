import Events
import FoundationEssentials
import TestSupport
import Testing

/// The quick reader of envelopes says what the thorough one says, or leaves it to that.
@Suite struct EnvelopeTextTests {
    private func written(_ source: String = "ingest-listener") throws -> String {
        let project = try #require(ProjectID("holiday"))
        let body = StepProgress(mediaId: .generate(), projectId: project, step: .transcode, progress: 0.25)
        return String(decoding: try EventCoding.encode(Envelope(body, source: source, trace: .random())), as: UTF8.self)
    }

    private func thorough(_ text: String) -> Data? {
        (try? EventCoding.decode(Envelope<StepProgress>.self, from: Data(text.utf8))).flatMap { try? EventCoding.encode($0) }
    }

    private func quick(_ text: String) -> Data? {
        (try? Envelope<StepProgress>.read(text)).flatMap { try? EventCoding.encode($0) }
    }

    @Test func readsWhatIsWritten() throws {
        for source in ["a", "ümlaut", "quo\"te", "back\\slash", "{brace}", "", "line\nbreak", "😀"] {
            let text = try written(source)
            #expect(quick(text) == Data(text.utf8), "\(text)")
        }
    }

    @Test(arguments: [
        ("{", "{ "), (":", " : "), ("}", "}\n"), ("\"id\":", "\"id\":\"twice\",\"id\":"), ("\"id\"", "\"\\u0069d\""),
        ("\"data\":{", "\"data\":{\"}\":\"{\\\"\","), ("\"type\"", "\"extra\":[1,{\"data\":{}}],\"type\""),
        ("\"data\":{", "\"data\":{,"),
        ("\"specversion\":\"1.0\"", "\"specversion\":1"), ("\"time\":\"2", "\"time\":\"x2"), ("Z\"", "+01:00\""), (",", ",,"),
        ("\"data\"", "\"data\":null,\"data\""),
    ])
    func agreesOnWhatIsWrittenOtherwise(_ part: String, _ other: String) throws {
        let text = try written()
        let changed = text.replacing(part, with: other, maxReplacements: 1)
        try #require(changed != text)
        #expect(quick(changed) == thorough(changed), "\(changed)")
    }

    @Test func agreesOnNoise() throws {
        var random = SeededGenerator(seed: 7)
        let bytes = Array(try written().utf8)
        var readable = 0
        for _ in 0..<20_000 {
            var noisy = bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: noisy.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: noisy[place] = UInt8.random(in: 0...127, using: &random)
                case 1: noisy.remove(at: place)
                default: noisy.insert(noisy[Int.random(in: noisy.indices, using: &random)], at: place)
                }
            }
            let text = String(decoding: noisy, as: UTF8.self)
            let expected = thorough(text)
            if expected != nil { readable += 1 }
            #expect(quick(text) == expected, "\(text)")
        }
        #expect(readable > 100)
    }
}
