import Events
import Foundation
import TestSupport
import Testing

/// The operator's commands on a stack as `make up` starts it: they find it by its state folder alone.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct OperatorTests {
    private struct Page: Decodable {
        struct Item: Decodable {
            let id: String
            let reason: String
            let attempts: Int
        }
        let items: [Item]
    }

    @Test("dead letters are listed, shown, replayed to their group alone, and dropped")
    func deadLetters() async throws {
        let stack = try await RunningStack.start(environment: ["MILLRACE_PARTITIONS": "2"])
        let millrace = { (arguments: [String]) in
            try Build.run("millrace", arguments, environment: Build.environment(state: stack.directory.path, port: stack.port))
        }
        #expect(try millrace(["dead", "list"]).output == "  no dead letters\n")
        for stream in ["media.ingested", "media.transcode", "step"] {
            try Redis.ask(stack, ["XADD", "{mr:1}:stream:\(stream)", "*", "event", "no event \u{1b}[31m", "attempt", "1"])
        }
        let list = { (options: [String]) in
            let json = try millrace(["dead", "list", "--json"] + options).output
            return try JSONDecoder().decode(Page.self, from: Data(json.utf8)).items
        }
        try await eventually("every group has given its entry up") { try list([]).count == 5 }
        let queue = try millrace(["queue"])
        #expect(queue.status == 0 && queue.output.contains("manifest-writer      2"), "\(queue.output)")
        #expect(try list(["--group", "metadata"]).map(\.reason) == ["malformed"])

        let id = try #require(try list(["--group", "metadata"]).first?.id)
        let shown = try millrace(["dead", "show", id])
        #expect(shown.output.contains("\n\nno event \\u001b[31m\n") && !shown.output.contains("\u{1b}"), "\(shown.output)")
        #expect(try millrace(["dead", "replay", id]).output == "  replayed 1 dead letter\n")
        try await eventually("metadata has given it up again") {
            let now = try list(["--group", "metadata"]).map(\.id)
            return now.count == 1 && now != [id]
        }
        #expect(try list([]).count == 5)
        #expect(try millrace(["dead", "replay", id]).status == 1)
        #expect(try millrace(["dead", "drop", "--all", "--group", "manifest-writer"]).output == "  dropped 2 dead letters\n")
        #expect(try millrace(["dead", "drop", "--all", "--reason", "malformed", "--json"]).output.contains(#""count":3"#))
        #expect(try list([]).isEmpty)
        try await stack.stop()
        let away = try millrace(["queue"])
        #expect(away.status == 1 && away.output.contains("redis://127.0.0.1:\(stack.port + 10)/0: Connection refused"))
    }
}
