import ArgumentParser
import Testing

@testable import MillraceCLI

@Suite struct ArgumentTests {
    @Test func uploadTakesFilesAndOptions() throws {
        let parsed = try Millrace.parseAsRoot([
            "upload", "a.jpg", "b.png", "--wait", "--concurrency", "8", "--project", "p", "--api-key", "k", "--url", "http://x/",
            "--json",
        ])
        let command = try #require(parsed as? UploadCommand)
        #expect(command.files == ["a.jpg", "b.png"])
        #expect(command.wait && command.concurrency == 8 && command.connection.output.json)
        let api = try command.connection.api()
        #expect((api.url, api.key, api.project) == ("http://x", "k", "p"))
    }

    @Test func everyCommandIsThere() throws {
        #expect(try Millrace.parseAsRoot(["status", "id"]) is StatusCommand)
        #expect(try Millrace.parseAsRoot(["media", "list", "--status", "ready", "--limit", "3", "--all"]) is MediaListCommand)
        #expect(try Millrace.parseAsRoot(["media", "restore", "id", "--json"]) is MediaRestoreCommand)
        #expect(try Millrace.parseAsRoot(["watch"]) is WatchCommand)
        #expect(try Millrace.parseAsRoot(["keys", "create", "--project", "demo"]) is KeysCommand.Create)
        #expect(try Millrace.parseAsRoot(["keys", "revoke", "id"]) is KeysCommand.Revoke)
        #expect(try Millrace.parseAsRoot(["keys", "list", "--json"]) is KeysCommand.List)
        #expect(try Millrace.parseAsRoot(["webhooks", "add", "https://example.org"]) is WebhooksCommand.Add)
        #expect(try Millrace.parseAsRoot(["webhooks", "remove", "id"]) is WebhooksCommand.Remove)
    }

    @Test(arguments: [
        ["upload"], ["upload", "a", "--concurrency", "0"], ["upload", "a", "--concurrency", "x"], ["upload", "--nonsense", "a"],
        ["media", "list", "--limit", "0"], ["media", "list", "--status", "odd"], ["media", "restore"], ["nonsense"], ["status"],
        ["keys", "revoke"],
    ])
    func wrongUseIs64(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { _ = try Millrace.parseAsRoot(arguments) }
        if let error { #expect(Millrace.exitCode(for: error).rawValue == 64) }
    }

    @Test func aFailureIsOneLineAnd1() {
        let error = CommandError(description: "it broke")
        #expect(Millrace.exitCode(for: error).rawValue == 1)
        #expect(Millrace.message(for: error) == "it broke")
    }
}
