import ArgumentParser
import Events
import FoundationEssentials
import Messaging
import RedisBus
import Testing

@testable import MillraceCLI

/// What an operator reads of the bus.
@Suite struct OperatorTests {
    @Test func queuesInColumns() {
        var figures = StreamStatistics(stream: .mediaIngested, group: .metadata)
        (figures.lag, figures.pending, figures.deadLetters) = (12_345, 16, 7)
        var metadata = Queue(figures)
        (metadata.delayed, metadata.oldest) = (4, Date(timeIntervalSinceNow: -754))
        let idle = Queue(StreamStatistics(stream: .steps, group: .manifestWriter))
        let report = QueueReport([metadata, idle])
        #expect(
            report.text.plain == """
                  stream          group            waiting  working  retrying  oldest  consumers
                  media.ingested  metadata           12345       16         4  12 min          0
                  step            manifest-writer        0        0         0       –          0

                  dead letters of  count
                  metadata             7

                """)
        #expect(QueueReport([idle]).text.plain.hasSuffix("\n\n  no dead letters\n"))
    }

    @Test func aLetterInTwoLines() throws {
        let media = MediaID.generate()
        let project = try #require(ProjectID("demo"))
        let event = MediaProgress(mediaId: media, projectId: project, step: .metadata, state: .running, progress: 0.5)
        let text = try DeadSummary(letter(event: try Output(Envelope(event, source: "test", trace: .random())).payload)).text
            .plain
        let lines = text.split(separator: "\n")
        #expect(lines.count == 2 && lines[0].hasPrefix("  metadata/0/1781234567890-0   "), "\(text)")
        #expect(lines[0].hasSuffix(" ago  attempts-exhausted after 8 attempts"))
        #expect(lines[1] == "    media.ingested  \(media)  the store \\u001b[31mis away")
    }

    @Test func noLetterSteersTheTerminal() throws {
        let hostile = "{\"a\":\"\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}\n\r\",\u{0}}"
        let letter = try letter(event: hostile, detail: hostile, stream: hostile, reason: hostile)
        for text in [DeadView(letter).text, DeadSummary(letter).text].map(\.plain) {
            #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.escapedIfNeeded != String($0) }, "\(text.debugDescription)")
            #expect(text.contains("\\u001b]0;owned\\u0007\\u009b2J\\u202e\\u000a\\u000d"))
        }
    }

    @Test func jsonLaidOutAsItWasWritten() {
        let json = #"{"a":[1,2.50,{}],"b":{"c":"x, \"y\": {\\"},"d":[],"e":-1e400}"#
        let laidOut = """
            {
              "a": [
                1,
                2.50,
                {}
              ],
              "b": {
                "c": "x, \\"y\\": {\\\\"
              },
              "d": [],
              "e": -1e400
            }
            """
        #expect(JSONLayout.indented(json) == laidOut)
        #expect(JSONLayout.indented(laidOut) == laidOut)
        #expect(JSONLayout.indented("no { json }") == "no { json }")
        #expect(JSONLayout.indented("") == "")
        let deep = String(repeating: "[", count: 100_000)
        #expect(JSONLayout.indented(deep).utf8.count < 200_000)
        #expect(JSONLayout.indented(String(repeating: "]}", count: 1000) + "{").utf8.count < 10_000)
    }

    @Test func aPageSaysHowToGoOn() throws {
        let page = try DeadPage([letter(), letter(entry: "7-0"), letter(entry: "6-0")], limit: 2)
        #expect(page.items.count == 2 && page.nextBefore == "metadata/0/7-0")
        let json = String(decoding: try EventCoding.encode(page), as: UTF8.self)
        #expect(json.contains(#""nextBefore":"metadata/0/7-0""#) && json.contains(#""reason":"attempts-exhausted""#))
        #expect(try DeadPage([letter()], limit: 1).nextBefore == nil)
        #expect(DeadPage([], limit: 1).text.plain == "  no dead letters\n")
    }

    @Test(arguments: [
        ["dead", "replay"], ["dead", "drop", "--all", "metadata/0/1-0"], ["dead", "drop", "--reason", "permanent"],
        ["dead", "drop", "metadata/0/1-0", "--group", "metadata"], ["dead", "replay", "nonsense"], ["dead", "show", "1-0"],
        ["dead", "list", "--group", "nobody"], ["dead", "list", "--reason", "bored"], ["dead", "list", "--limit", "0"],
        ["dead", "list", "--before", "x"], ["dead", "replay", "--all", "--reason", "x"],
    ])
    func wrongUseIs64(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { _ = try Millrace.parseAsRoot(arguments) }
        if let error { #expect(Millrace.exitCode(for: error).rawValue == 64) }
    }

    @Test func everyCommandIsThere() throws {
        #expect(try Millrace.parseAsRoot(["queue", "--json"]) is QueueCommand)
        #expect(try Millrace.parseAsRoot(["dead", "list", "--group", "metadata", "--reason", "permanent"]) is DeadListCommand)
        #expect(try Millrace.parseAsRoot(["dead", "show", "metadata/0/1-0"]) is DeadShowCommand)
        #expect(try Millrace.parseAsRoot(["dead", "replay", "metadata/0/1-0", "notifier/3/2-1"]) is DeadReplayCommand)
        #expect((try Millrace.parseAsRoot(["reconcile", "--dry-run"]) as? ReconcileCommand)?.dryRun == true)
        #expect((try Millrace.parseAsRoot(["reindex", "--json"]) as? ReindexCommand)?.output.json == true)
        #expect(try Millrace.parseAsRoot(["dead", "drop", "--all", "--group", "notifier"]) is DeadDropCommand)
    }

    private func letter(
        event: String = "", detail: String = "the store \u{1b}[31mis away", stream: String = "media.ingested",
        reason: String = "attempts-exhausted", entry: String = "1781234567890-0"
    ) throws -> DeadLetters.Letter {
        DeadLetters.Letter(
            id: try #require(DeadLetters.ID("metadata/0/\(entry)")), stream: stream, event: event, attempts: 8, reason: reason,
            detail: detail, entry: "1-0", firstAt: nil, diedAt: Date(timeIntervalSinceNow: -100))
    }
}

extension String {
    /// Without our own colours, which are there when the tests run in a terminal.
    var plain: String { replacing(/\u{1b}\[\d+m/, with: "") }
}
