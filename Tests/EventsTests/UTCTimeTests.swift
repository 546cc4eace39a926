import FoundationEssentials
import TestSupport
import Testing

@testable import Events

/// Our own calendar agrees with the library's.
@Suite struct UTCTimeTests {
    private let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    @Test func readsAndWritesAsTheLibraryDoes() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<5000 {
            let milliseconds = Int.random(in: -11_676_096_000_000...253_402_300_799_999, using: &random)
            let time = try #require(UTCTime(Date(timeIntervalSince1970: Double(milliseconds) / 1000)))
            let theirs = try style.parse(time.text)
            #expect(Int((theirs.timeIntervalSince1970 * 1000).rounded()) == milliseconds, "\(time.text)")
            #expect(UTCTime(time.text)?.date == time.date, "\(time.text)")
        }
    }

    @Test(arguments: [
        "1599-12-31T23:59:59.999Z", "2026-02-29T00:00:00.000Z", "1900-02-29T00:00:00.000Z", "2026-13-01T00:00:00.000Z",
        "2026-00-01T00:00:00.000Z",
        "2026-01-00T00:00:00.000Z", "2026-04-31T00:00:00.000Z", "2026-01-01T24:00:00.000Z", "2026-01-01T00:60:00.000Z",
        "2026-01-01T00:00:60.000Z", "2026-01-01 00:00:00.000Z", "2026-01-01T00:00:00.000z", "2026-01-01T00:00:00.00Z", "",
        "２026-01-01T00:00:00.0Z",
    ])
    func leavesTheRestToTheLibrary(_ text: String) { #expect(UTCTime(text) == nil) }

    @Test func knowsLeapDays() {
        #expect(UTCTime("2000-02-29T00:00:00.000Z") != nil)
        #expect(UTCTime("2024-02-29T23:59:59.999Z")?.text == "2024-02-29T23:59:59.999Z")
    }

    @Test func endsWithTheYear9999() throws {
        #expect(UTCTime(Date(timeIntervalSince1970: 253_402_300_799.9994))?.text == "9999-12-31T23:59:59.999Z")
        #expect(UTCTime(Date(timeIntervalSince1970: 253_402_300_799.9996)) == nil)
        #expect(UTCTime(Date(timeIntervalSince1970: -11_676_096_000.001)) == nil)
        #expect(UTCTime(Date(timeIntervalSince1970: .infinity)) == nil)
        #expect(UTCTime(Date(timeIntervalSince1970: .nan)) == nil)
    }
}
