import ArgumentParser
import Events
import FoundationEssentials
import Streaming
import TestSupport
import Testing

@testable import MillraceCLI

@Suite struct CheckHLSTests {
    @Test func aFolderIsAnArgument() throws {
        let command = try #require(try Millrace.parseAsRoot(["check-hls", "folder", "--json"]) as? CheckHLSCommand)
        #expect(command.folder == "folder" && command.output.json)
        #expect(throws: (any Error).self) { _ = try Millrace.parseAsRoot(["check-hls"]) }
    }

    @Test func brokenRulesEndWith1() async throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        try Data("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n../secret.m3u8\n".utf8).write(
            to: URL(filePath: directory.path + "/master.m3u8"))
        let command = try #require(try Millrace.parseAsRoot(["check-hls", directory.path]) as? CheckHLSCommand)
        let error = await #expect(throws: (any Error).self) { try await command.run() }
        #expect(error.map { Millrace.exitCode(for: $0).rawValue } == 1)
    }

    @Test func aFolderThatIsNotThereIsOneLine() async throws {
        let command = try #require(try Millrace.parseAsRoot(["check-hls", "/none/\u{1b}[2J"]) as? CheckHLSCommand)
        let error = await #expect(throws: CommandError.self) { try await command.run() }
        #expect(error?.description == "there is no folder /none/�[2J")
    }

    @Test func findingsAreATableOrJSON() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        try Data("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n../\u{9b}x.m3u8\n".utf8).write(
            to: URL(filePath: directory.path + "/master.m3u8"))
        let report = StreamReport(folder: "f", findings: StreamCheck.findings(in: directory.path))
        #expect(
            !report.isValid && report.text.plain.contains("files-inside") && report.text.plain.contains("\"../\\u009bx.m3u8\""))
        #expect(report.text.plain.hasSuffix("2 of \(StreamCheck.rules.count) rules broken, 2 findings\n"))
        let json = String(decoding: try EventCoding.encode(report), as: UTF8.self)
        #expect(json.contains(#""isValid":false"#) && json.contains(#""rule":"files-inside""#))
    }

    @Test func aStreamThatKeepsAllRulesSaysSo() {
        let report = StreamReport(folder: "f", findings: [])
        #expect(report.isValid && report.text.plain == "  ✓ f keeps all \(StreamCheck.rules.count) rules\n")
    }
}
