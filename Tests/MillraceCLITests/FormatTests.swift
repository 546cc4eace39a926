import Events
import FoundationEssentials
import TestSupport
import Testing

@testable import MillraceCLI

@Suite struct FormatTests {
    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (2_900_000, "2.9 MB"), (999_960, "1.0 MB"), (5_368_709_120, "5.4 GB"),
        (.max, "9223372.0 TB"),
    ])
    func sizes(bytes: Int64, text: String) { #expect(humanSize(bytes) == text) }

    @Test(arguments: [(0, "0.00 s"), (0.004, "0.00 s"), (0.42, "0.42 s"), (1.999, "2.00 s"), (61.5, "61.50 s")])
    func seconds(seconds: Double, text: String) { #expect(humanSeconds(seconds) == text) }

    @Test func columns() {
        #expect("ab".padded(4) == "ab  ")
        #expect("abcdef".padded(4) == "abc…")
        #expect("ab".right(4) == "  ab")
        #expect("abcdef".right(4) == "abcdef")
    }

    @Test func namesDoNotSteerTheTerminal() {
        #expect("a\u{1b}[2Jb\r\n".harmless == "a�[2Jb��")
        #expect("Grüße 📷.jpg".harmless == "Grüße 📷.jpg")
    }

    @Test func aRowTellsWhereItIs() throws {
        var row = BoardRow(name: "photo.jpg", size: 4000)
        #expect(row.line.plain.contains("photo.jpg") && row.line.plain.contains("4.0 kB") && row.line.plain.hasSuffix("waiting"))
        row.sent = 2000
        #expect(row.line.plain.contains("████████████░░░░░░░░░░░░") && row.line.plain.hasSuffix(" 50 %"))
        row.uploadedAt = .now
        row.steps = [.variants: 0.5, .metadata: 0.25]
        row.finishedAfter = 1
        #expect(row.line.plain.hasSuffix("uploaded · metadata 0.25 s · variants 0.50 s · ✓ ready in 1.00 s"))
        #expect(row.isFinished)
        row.error = "corruptMedia: no"
        #expect(row.line.plain.hasSuffix("✗ corruptMedia: no"))
    }

    @Test func aResultIsMachineReadable() throws {
        var row = BoardRow(name: "a.jpg", size: 1)
        row.steps = [.metadata: 0.25]
        row.error = "broken"
        let json = String(decoding: try EventCoding.encode(UploadResult(row)), as: UTF8.self)
        #expect(json == #"{"error":"broken","file":"a.jpg","steps":{"metadata":0.25}}"#)
    }

    @Test func aRefusalSpeaksTheServersWords() {
        let body = Array(#"{"code":"forbiddenProject","detail":"No\u001b[2J."}"#.utf8)
        #expect(Refusal(403, body).description == "forbiddenProject: No�[2J.")
        #expect(Refusal(502, Array("<html>".utf8)).description == "HTTP 502")
    }

    @Test func filesAreTypedByTheirSuffix() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        for (name, type) in [
            ("a.JPG", "image/jpeg"), ("b.heic", "image/heic"), ("c", "application/octet-stream"), ("d.mov", "video/quicktime"),
        ] {
            try Data([1, 2, 3]).write(to: URL(filePath: "\(directory.path)/\(name)"))
            let file = try SourceFile("\(directory.path)/\(name)")
            #expect((file.name, file.size, file.contentType) == (name, 3, type))
        }
        #expect(throws: CommandError.self) { try SourceFile(directory.path) }
        #expect(throws: CommandError.self) { try SourceFile(directory.path + "/none") }
    }
}
