import Events
import Foundation
import HTTPClient
import S3
import TestSupport
import Testing

/// What a real store tells of its objects, and what becomes of them: its bucket was set up by the command.
@Suite(.serialized, .timeLimit(.minutes(10)), .enabled(if: RGWServer.canRun))
struct EventTests {
    private static let token = "a-token/of+the@store"
    private static let ingest = ["MILLRACE_EVENTS_TOKEN": token, "MILLRACE_INGEST_PREFIXES": "in/{project}/"]

    @Test("the store's events alone complete uploads, and make media of what other tools drop")
    func alone() async throws {
        // Nobody looks: what is heard of was told.
        let (stack, client, environment) = try await start(["MILLRACE_RECONCILE_INTERVAL": "0s"])
        try setUp(client, stack, environment, address: "\(stack.url)/events/s3")
        let picture = try Samples.bytes("3-portrait.webp")
        let silent = try await put(picture, "silent.webp", stack)
        _ = try await client.put("media/eu/in/demo/Ünï code +1.webp", picture, contentType: "image/webp")
        _ = try await client.put("elsewhere/in/demo/foreign.webp", picture, contentType: "image/webp")
        #expect(try await stack.finished(silent).status == .ready)
        try await ready(2, stack)
        // Told again of what is known.
        let again = try await stack.call("POST", "/api/v2/uploads/\(silent)/complete")
        #expect(again.status == 200)
        try await expectEachOnce([silent], 1, stack)
        try await stack.stop()
    }

    @Test("what arrives while nobody hears the store is told again by its topic, and every media is ready once")
    func repeated() async throws {
        let (stack, client, environment) = try await start(["MILLRACE_RECONCILE_INTERVAL": "0s"])
        try setUp(client, stack, environment, address: "\(stack.url)/events/s3")
        var uploads: [MediaID] = []
        try await whileNobodyListens(stack) {
            uploads = try await arrive(stack, client)
            try await eventually(timeout: .seconds(60), "the store has tried in vain") {
                let log = try String(contentsOf: stack.state.appending(path: "log/edge.log"), encoding: .utf8)
                return log.contains("POST /events/s3")
            }
        }
        try await ready(4, stack)
        try await expectEachOnce(uploads, 2, stack)
        try await stack.stop()
    }

    @Test("where the store tells nobody any more, the listing finds what has arrived, and every media is ready once")
    func listed() async throws {
        let (stack, client, environment) = try await start([
            "MILLRACE_RECONCILE_INTERVAL": "1s", "MILLRACE_RECONCILE_AGE": "1s", "MILLRACE_INGEST_INTERVAL": "1s",
        ])
        // The port of the service itself: connections are refused, after which Ceph may push nothing more.
        try setUp(client, stack, environment, address: "http://127.0.0.1:\(stack.port + 2)/events/s3")
        var uploads: [MediaID] = []
        try await whileNobodyListens(stack) { uploads = try await arrive(stack, client) }
        try await ready(4, stack)
        try await expectEachOnce(uploads, 2, stack)
        try await stack.stop()
    }

    private func start(_ more: [String: String]) async throws -> (RunningStack, S3Client, [String: String]) {
        let server = try await RGWServer.shared()
        let client = try await server.bucket("/media/eu")
        let store = ["STORE": "s3://\(client.location.bucket)/media/eu"]
        let environment = server.settings.merging(store) { $1 }.merging(Self.ingest) { $1 }.merging(more) { $1 }
        return (try await RunningStack.start(environment: environment), client, server.tlsSettings)
    }

    private func setUp(_ client: S3Client, _ stack: RunningStack, _ settings: [String: String], address: String) throws {
        let environment = Build.environment(state: stack.directory.path, port: stack.port).merging(settings) { $1 }
            .merging(["MILLRACE_EVENTS_TOKEN": Self.token, "MILLRACE_STORE": "s3://\(client.location.bucket)/media/eu"]) { $1 }
        let run = { try Build.run("millrace", ["bucket", "setup", "--yes", "--notify-url", address], environment: environment) }
        let first = try run()
        #expect(first.status == 0 && first.output.hasSuffix("done\n"), "\(first.output)")
        #expect(first.output.contains("tell \(address) of new objects below media/eu/"))
        #expect(!first.output.contains(Self.token) && !first.output.contains("events:"))
        #expect(try run().output == "\(client.location.bucket) is as it should be\n")
    }

    /// A presigned upload whose client says nothing more. - Returns: its media.
    private func put(_ bytes: [UInt8], _ name: String, _ stack: RunningStack) async throws -> MediaID {
        let presigned = try await stack.presign(name, type: "image/webp", size: bytes.count)
        #expect(try await stack.put(bytes, to: presigned).status == 200)
        return presigned.mediaId
    }

    /// Two uploads, which are returned, and two objects of another tool.
    private func arrive(_ stack: RunningStack, _ client: S3Client) async throws -> [MediaID] {
        let picture = try Samples.bytes("3-portrait.webp")
        var uploads: [MediaID] = []
        for number in 1...2 {
            let media = try await put(picture, "\(number).webp", stack)
            uploads.append(media)
            #expect(try await stack.status(media).status == .uploading)
            _ = try await client.put("media/eu/in/demo/dropped-\(number).webp", picture, contentType: "image/webp")
        }
        return uploads
    }

    /// Kills ingest-listener; it is started again afterwards, not before.
    private func whileNobodyListens(_ stack: RunningStack, _ body: () async throws -> Void) async throws {
        let text = try String(contentsOf: stack.state.appending(path: "up.pid"), encoding: .utf8)
        let script = try #require(pid_t(text.trimmed))
        kill(script, SIGSTOP)
        defer { kill(script, SIGCONT) }
        try stack.signal("ingest-listener", SIGKILL)
        try await eventually("it is gone") { isFree(stack.port + 2) }
        try await body()
    }

    private func ready(_ count: Int, _ stack: RunningStack) async throws {
        try await eventually(timeout: .seconds(90), "\(count) are ready") { try await stack.list("ready").count >= count }
    }

    private func expectEachOnce(_ uploads: [MediaID], _ dropped: Int, _ stack: RunningStack) async throws {
        let ready = try await stack.list("ready")
        #expect(Set(uploads).isSubset(of: ready) && ready.count == uploads.count + dropped)
        for status in ["uploading", "uploaded", "processing", "failed"] { #expect(try await stack.list(status).isEmpty) }
        try await expectEachRevisionOnce(uploads, of: stack)
        try await expectEachRevisionOnce(ready.filter { !uploads.contains($0) }, first: 2, of: stack)
    }
}
