import Catalog
import Events
import FoundationEssentials
import Testing

@Suite struct MediaSummaryTests {
    private func summary(_ project: String = "demo", _ error: StepFailed? = nil) throws -> MediaSummary {
        let story = try Story(project: project)
        let rules = StepRules()
        var record = MediaRecord.recovered(story.keys, rules, story.context(0))
        record = try record.ingested(story.ingested, rules, story.context(0)).unwrapped().record
        record = try record.completed(story.completed(.metadata), rules, story.context(1)).unwrapped().record
        record =
            try error.map { try record.failed($0, rules, story.context(2)).unwrapped().record }
            ?? record.completed(story.completed(.variants), rules, story.context(2)).unwrapped().record
        return try MediaSummary(try record.announced(story.context(3)).unwrapped().record).unwrapped()
    }

    @Test func survivesItsStoredForm() throws {
        for summary in [
            try summary(), try summary("a", Story().failed(.variants)), try summary(String(repeating: "p", count: 63)),
        ] {
            #expect(MediaSummary(summary.mediaId, encoded: summary.encoded) == summary)
            #expect(try CatalogEntry(summary.mediaId, stored: summary.encoded) == .finished(summary))
        }
    }

    @Test func keepsTheHashes() throws {
        #expect(try summary().phash == "f0e1d2c3b4a59687" && summary().dhash == "0000000000000001")
    }

    /// Redis keeps a hash in one listpack while no value is longer than 64 bytes.
    @Test func fitsIntoAListpack() throws {
        #expect(try summary(String(repeating: "p", count: 20)).encoded.utf8.count <= 64)
    }

    @Test func onlyOfAFinishedMedia() throws { #expect(MediaSummary(try Story().create().record) == nil) }

    @Test(arguments: [
        "", "r", "ri4", "ri4.x", "ri4.1.-.-.", "xi4.1.-.-.demo", "ri0.1.-.-.demo", "ri-1.1.-.-.demo", "ri4..-.-.demo",
        "ri4.1.-.-.UP", "ri4.1.-.-.a.b", "🐈i4.1.-.-.demo",
    ])
    func refusesAnythingElse(text: String) throws {
        let id = MediaID.generate()
        #expect(MediaSummary(id, encoded: text) == nil)
        #expect(throws: CatalogError.self) { try CatalogEntry(id, stored: text) }
    }

    @Test func neverCrashesOnRandomText() {
        var random = SeededRandom(state: 1)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 32...126, using: &random) }
            _ = try? CatalogEntry(.generate(), stored: String(decoding: bytes, as: UTF8.self))
        }
    }
}
