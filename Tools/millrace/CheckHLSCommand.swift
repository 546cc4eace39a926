import ArgumentParser
import FoundationEssentials
import Streaming

struct CheckHLSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-hls", abstract: "Checks a stream's folder against the rules of HLS, and its DASH manifest beside it.",
        discussion: """
            The folder holds master.m3u8 and everything that it names; every segment is read and measured, nothing outside of \
            the folder is. Exits with 1 when a rule is broken. Every stream is checked like this before it is published.
            """)

    @Argument(help: "The folder with master.m3u8.") var folder: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder else {
            throw CommandError(description: "there is no folder \(folder.harmless)")
        }
        let report = StreamReport(folder: folder, findings: StreamCheck.findings(in: folder))
        if output.json { try Terminal.printJSON(report) } else { Terminal.write(report.text) }
        guard report.isValid else { throw ExitCode.failure }
    }
}

/// What the validator says of a folder.
struct StreamReport: Encodable {
    let folder: String
    let isValid: Bool
    /// How many rules were looked at.
    let rules: Int
    let findings: [Finding]

    init(folder: String, findings: [Finding]) {
        (self.folder, self.findings) = (folder, findings)
        (isValid, rules) = (findings.isEmpty, StreamCheck.rules.count)
    }

    var text: String {
        guard !isValid else { return "  \(Terminal.paint("✓", .green)) \(folder.harmless) keeps all \(rules) rules\n" }
        var table = Table("rule", "file", "finding")
        for finding in findings {
            // Files and messages repeat what playlists say.
            let message = "\(finding.message.escaped)  \(Terminal.paint("(\(finding.source))", .grey))"
            table.add([Cell(finding.rule, .red), Cell(finding.file.escaped), Cell(message)])
        }
        let broken = Set(findings.map(\.rule)).count
        return table.text + "  \(Terminal.paint("✗", .red)) \(broken) of \(rules) rules broken, \(findings.count) findings\n"
    }
}
