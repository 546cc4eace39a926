import TestSupport
import Testing

@testable import Streaming

/// Every rule is seen to fail, alone where that can be, on real media.
@Suite struct RuleTests {
    @Test func aStreamOfOurWritersKeepsEveryRule() throws { #expect(try TestStream().findings == []) }

    @Test(arguments: RuleCase.all) func exactlyItsRulesAreBroken(broken: RuleCase) throws {
        let stream = try TestStream()
        try broken.change(stream)
        let findings = stream.findings
        #expect(Set(findings.map(\.rule)) == broken.rules, "\(findings)")
        #expect(findings.allSatisfy { Self.matches($0.file, broken.file) }, "\(findings)")
        #expect(findings.allSatisfy { !$0.message.isEmpty && !$0.source.isEmpty })
    }

    /// What is encoded otherwise, with playlists that tell the truth about it.
    @Test(arguments: EncodedCase.all) func whatIsEncodedWronglyIsFound(broken: EncodedCase) throws {
        let stream = try TestStream(broken.build)
        try broken.change(stream)
        let findings = stream.findings
        #expect(Set(findings.map(\.rule)) == broken.rules, "\(findings)")
    }

    @Test func noRuleIsUntested() {
        let seen = RuleCase.all.map(\.rules).reduce(Set()) { $0.union($1) }.union(EncodedCase.all.flatMap(\.rules))
        #expect(Set(StreamCheck.rules.map(\.name)) == seen)
        #expect(StreamCheck.rules.count == seen.count)
    }

    @Test func aFolderWithoutStreamHasNone() {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        #expect(Set(StreamCheck.findings(in: directory.path).map(\.rule)) == ["files-exist", "dash-manifest"])
        #expect(StreamCheck.findings(in: directory.path + "/none").contains { $0.rule == "files-exist" })
    }

    /// `v90/*.m4s` stands for any segment of v90.
    private static func matches(_ file: String, _ pattern: String) -> Bool {
        guard let star = pattern.firstIndex(of: "*") else { return file == pattern }
        return file.hasPrefix(pattern[..<star]) && file.hasSuffix(pattern[pattern.index(after: star)...])
    }
}
