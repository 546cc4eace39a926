import FoundationEssentials
import Logging
import Messaging
import Synchronization
import Testing

@testable import Launch

private final class Lines: Sendable {
    private let storage = Mutex("")
    var text: String { storage.withLock { $0 } }
    func logger(_ format: LogFormat, isColoured: Bool = false) -> Logger {
        Logger(label: "x") { _ in
            LineLogHandler(
                logLevel: .info, metadataProvider: .logContext, service: "metadata", format: format, isColoured: isColoured,
                write: { line in self.storage.withLock { $0 += line } })
        }
    }
}

private struct JSONLine: Decodable {
    let time, level, service, message: String
    let mediaId, traceparent, value, otherLevel: String?

    enum CodingKeys: String, CodingKey {
        case time, level, service, message, mediaId, traceparent, value
        /// A value may not pass itself off as the event's own level.
        case otherLevel = "level_"
    }
}

@Suite struct LogTests {
    static let hostile = [
        "plain", "two\nlines", "\r\n\t", "quote \" and \\", "\u{0}\u{1}\u{1b}[31mred\u{7f}", "\u{2028}\u{2029}\u{85}",
        "\u{202e}reversed", "{\"level\":\"fake\"}", "é日本🎉", String(repeating: "long\n", count: 50_000),
    ]

    @Test(arguments: hostile) func jsonIsOneValidLine(_ text: String) throws {
        let lines = Lines()
        lines.logger(.json).warning(
            "\(text)", metadata: ["value": "\(text)", "level": "\(text)", "deep": [["a": [.string(text)]]]])
        #expect(lines.text.last == "\n" && lines.text.unicodeScalars.dropLast().allSatisfy { $0.value >= 32 && $0.value != 127 })
        let line = try JSONDecoder().decode(JSONLine.self, from: Data(lines.text.utf8))
        #expect(line.level == "warning" && line.service == "metadata" && line.time.count == 24)
        // What breaks lines comes back from JSON as it was; only the length is cut.
        let expected =
            text.unicodeScalars.count > 8192 ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(8192))) + "…" : text
        #expect(line.message == expected && line.value == expected && line.otherLevel == expected)
    }

    @Test(arguments: hostile) func textIsOneLine(_ text: String) {
        let lines = Lines()
        lines.logger(.text).info("\(text)", metadata: ["value": "\(text)"])
        #expect(lines.text.unicodeScalars.filter { $0 == "\n" }.count == 1 && lines.text.last == "\n")
        #expect(lines.text.unicodeScalars.dropLast().allSatisfy { $0.value >= 32 && !(0x7f...0x9f).contains($0.value) })
    }

    @Test func textForPeople() throws {
        let entry = LogEntry(
            time: Date(timeIntervalSince1970: 1_777_636_800.25), level: .info, service: "metadata", message: "ready",
            metadata: ["b": "two words", "a": "1"])
        #expect(entry.text(isColoured: false) == #"2026-05-01T12:00:00.250Z INFO     metadata  ready  a=1 b="two words""#)
        #expect(entry.text(isColoured: true).contains("\u{1b}[32mINFO"))
    }

    @Test func theContextIsCarried() throws {
        let lines = Lines()
        let logger = lines.logger(.json)
        LogContext.$current.withValue(LogContext(mediaId: "m1", traceparent: "t1")) { logger.info("inside") }
        let line = try JSONDecoder().decode(JSONLine.self, from: Data(lines.text.utf8))
        #expect(line.mediaId == "m1" && line.traceparent == "t1")
        logger.info("outside")
        #expect(!lines.text.split(separator: "\n")[1].contains("mediaId"))
    }

    @Test func levelsBelowAreSilent() {
        let lines = Lines()
        lines.logger(.text).debug("quiet")
        #expect(lines.text.isEmpty)
    }
}
