import Events
import Foundation
import HTTPClient
import TestSupport
import Testing

/// Redis forgets everything, the store is away for longer than anybody tries: what was uploaded becomes ready all the same.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct LossTests {
    private static let environment = ["MILLRACE_RECONCILE_AGE": "1s", "MILLRACE_VISIBILITY": "3s"]

    private func millrace(_ stack: RunningStack, _ arguments: [String]) throws -> (status: Int32, output: String) {
        try Build.run("millrace", arguments, environment: Build.environment(state: stack.directory.path, port: stack.port))
    }

    @Test("FLUSHALL in the middle of work: every media becomes ready, listed, with one manifest, and nobody cries")
    func flushed() async throws {
        let stack = try await RunningStack.start(environment: Self.environment)
        let picture = try Samples.bytes("3-portrait.webp")
        var ids: [MediaID] = []
        for number in 0..<30 { ids.append(try await stack.upload(picture, named: "\(number).webp", type: "image/webp").mediaId) }
        try await eventually(timeout: .seconds(60), "some are ready, some are not") {
            try await stack.list("ready").count >= 3
        }
        #expect(try await stack.list("ready").count < ids.count)
        let start = ContinuousClock.now
        try Redis.ask(stack, ["FLUSHALL"])
        for id in ids { #expect(try await stack.finished(id, within: .seconds(120)).status == .ready) }
        try await eventually(timeout: .seconds(60), "all are listed again") { try await stack.list("ready").count == ids.count }
        for id in ids {
            let manifest = stack.state.appending(path: "store/objects/projects/demo/\(id)/manifest.json")
            #expect(try String(contentsOf: manifest, encoding: .utf8).contains("\"status\":\"ready\""))
        }
        let told = try Redis.feed(of: stack).map { "\($0.data.mediaId) \($0.data.revision)" }
        #expect(Set(told).count == told.count, "each revision is told once since the loss")
        try expectQuietLogs(of: stack, since: start)
        #expect(try millrace(stack, ["reconcile", "--dry-run"]).output.hasSuffix("  \(ids.count) media: all is well\n"))
        try await stack.stop()
    }

    @Test("what is lost is shown by a dry run that changes nothing, and brought back by hand")
    func byHand() async throws {
        let stack = try await RunningStack.start(environment: [
            "MILLRACE_RECONCILE_INTERVAL": "0s", "MILLRACE_RECONCILE_AGE": "0s",
        ])
        let picture = try Samples.bytes("3-portrait.webp")
        let ready = try await stack.upload(picture, named: "a.webp", type: "image/webp").mediaId
        try await stack.finished(ready)
        try stack.signal("metadata", SIGSTOP)
        let lost = try await stack.upload(picture, named: "b.webp", type: "image/webp").mediaId
        try Redis.ask(stack, ["FLUSHALL"])
        try stack.signal("metadata", SIGCONT)
        let environment = Build.environment(state: stack.directory.path, port: stack.port).merging([
            "MILLRACE_RECONCILE_AGE": "0s"
        ]) { $1 }
        let run = { (arguments: [String]) in try Build.run("millrace", arguments, environment: environment) }
        for _ in 0..<2 {
            let dry = try run(["reconcile", "--dry-run"])
            #expect(dry.status == 0 && dry.output.hasSuffix("2 media: 1 to process, 1 to index\n"), "\(dry.output)")
            #expect(dry.output.contains("process     \(lost)") && dry.output.contains("index       \(ready)"))
        }
        #expect(try await stack.list("ready").isEmpty)
        #expect(try run(["reindex"]).output.hasSuffix("2 media: 1 indexed\n"))
        #expect(try await stack.list("ready") == [ready])
        let manifest = stack.state.appending(path: "store/objects/projects/demo/\(MediaID.generate())/manifest.json")
        try FileManager.default.createDirectory(at: manifest.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("no manifest".utf8).write(to: manifest)
        let rest = try run(["reconcile", "--json"])
        #expect(rest.output.contains(#""lostOriginals":1"#) && rest.output.contains(#""unreadable":1"#), "\(rest.output)")
        #expect(rest.status == 1, "somebody must look at it")
        #expect(try await stack.finished(lost).status == .ready)
        try await stack.stop()
    }

    @Test("the store is away for longer than anybody tries: a replay of the dead letters makes every media ready")
    func replayed() async throws {
        let stack = try await RunningStack.start(environment: ["MILLRACE_MAX_ATTEMPTS": "2"])
        let picture = try Samples.bytes("3-portrait.webp")
        let stopped = ["ingest-listener", "metadata", "variants"]
        for service in stopped { try stack.signal(service, SIGSTOP) }
        var ids: [MediaID] = []
        for number in 0..<6 { ids.append(try await stack.upload(picture, named: "\(number).webp", type: "image/webp").mediaId) }
        let (objects, away) = (stack.state.appending(path: "store/objects"), stack.state.appending(path: "store/away"))
        try FileManager.default.moveItem(at: objects, to: away)
        for service in stopped { try stack.signal(service, SIGCONT) }
        try await eventually(timeout: .seconds(60), "everything has been given up") {
            let list = try millrace(stack, ["dead", "list", "--json", "--group", "ingest-listener"]).output
            return list.components(separatedBy: "\"id\"").count - 1 == ids.count
        }
        try? FileManager.default.removeItem(at: objects)
        try FileManager.default.moveItem(at: away, to: objects)
        for id in ids {
            let status = try await stack.finished(id, within: .seconds(120))
            #expect(status.status == .failed && status.error?.code == .processingFailed)
        }
        let replay = try millrace(stack, ["dead", "replay", "--all"])
        #expect(replay.status == 0 && replay.output.hasPrefix("  replayed "), "\(replay.output)")
        try await eventually(timeout: .seconds(60), "all are ready") { try await stack.list("ready").count == ids.count }
        let told = try Redis.feed(of: stack).map(\.data)
        for id in ids {
            let mine = told.filter { $0.mediaId == id }
            #expect(mine.map(\.revision) == Array(1...mine.count))
            #expect(mine.map(\.status).suffix(3) == [.failed, .processing, .ready])
        }
        #expect(try millrace(stack, ["dead", "list"]).output == "  no dead letters\n")
        try await stack.stop()
    }

    /// Less than one line of a warning or worse a second, for each service.
    private func expectQuietLogs(of stack: RunningStack, since start: ContinuousClock.Instant) throws {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        for service in ["upload-gateway", "ingest-listener", "metadata", "variants", "transcoder", "manifest-writer", "notifier"]
        {
            let log = try String(contentsOf: stack.state.appending(path: "log/\(service).log"), encoding: .utf8)
            let lines = log.split(separator: "\n").filter {
                $0.contains(" WARN") || $0.contains(" ERROR") || $0.contains(" CRIT")
            }
            #expect(Double(lines.count) < seconds, "\(service):\n\(lines.joined(separator: "\n"))")
        }
    }
}

extension RunningStack {
    /// The media of the project that have a status.
    func list(_ status: String) async throws -> [MediaID] {
        struct Page: Decodable {
            struct Item: Decodable { let mediaId: MediaID }
            let items: [Item]
        }
        let response = try await call("GET", "/api/v2/media?projectId=demo&status=\(status)&limit=200")
        guard response.status == 200 else { return [] }
        return try JSONDecoder().decode(Page.self, from: Data(response.body)).items.map(\.mediaId)
    }
}
