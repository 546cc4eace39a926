import Events
import Foundation
import HTTPClient
import TestSupport
import Testing

/// `make up` and `make demo` as people use them.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ScriptTests {
    @Test("it says where it is, and the end stops everything that it started")
    func upAndDown() async throws {
        let stack = try await RunningStack.start()
        try await eventually("the address and a key are printed") {
            stack.printed.contains(stack.apiKey) && !stack.apiKey.isEmpty
        }
        #expect(stack.printed.contains(stack.url))
        let names = [
            "redis", "edge", "upload-gateway", "ingest-listener", "metadata", "variants", "transcoder", "manifest-writer",
            "notifier",
        ]
        let pids = names.compactMap { stack.pid(of: $0) }
        #expect(pids.count == names.count)
        try await stack.stop()
        for pid in pids { #expect(kill(pid, 0) != 0, "process \(pid) still runs") }
    }

    @Test("media and keys survive a restart")
    func restart() async throws {
        let first = try await RunningStack.start()
        let presigned = try await first.upload(try Samples.bytes("2-png.png"), named: "kept.png", type: "image/png")
        try await first.finished(presigned.mediaId)
        let key = first.apiKey
        try await first.stop()
        let second = try await RunningStack.start(directory: first.directory)
        #expect(second.apiKey == key)
        #expect(try await second.status(presigned.mediaId).status == .ready)
        #expect(try await second.call("GET", "/files/\(presigned.key)").status == 200)
        try await second.stop()
    }

    @Test("a key that the store does not know, because it was emptied, is made anew")
    func unknownKey() async throws {
        let first = try await RunningStack.start()
        try await first.stop()
        try Data("mr_gone".utf8).write(to: first.state.appending(path: "api-key"))
        let second = try await RunningStack.start(directory: first.directory)
        #expect(second.apiKey.hasPrefix("mr_") && second.apiKey != "mr_gone")
        #expect(try await second.call("GET", "/api/v2/media?projectId=demo").status == 200)
        try await second.stop()
    }

    @Test("every store has a state folder of its own, always the same")
    func stateFolders() throws {
        let own = Build.root.path + "/.millrace"
        #expect(try stateFolder(store: "") == own)
        let stores = ["s3://media?endpoint=http://a", "s3://media?endpoint=http://b", "s3://other/media"]
        let folders = try stores.map(stateFolder)
        #expect(Set(folders).count == stores.count && folders.allSatisfy { $0.hasPrefix(own + "/") }, "\(folders)")
        #expect(try stores.map(stateFolder) == folders)
    }

    private func stateFolder(store: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", "source Tools/stack/settings.sh && echo $state"]
        process.currentDirectoryURL = Build.root
        process.environment = Build.environment(state: "", port: 8080).merging(["STORE": store]) { $1 }
        return try process.runToItsEnd().output.trimmed
    }

    @Test("a taken port is one clear line")
    func takenPort() async throws {
        let stack = try await RunningStack.start()
        let environment = Build.environment(state: TemporaryDirectory().path, port: stack.port)
        let (status, output) = try Build.run("Tools/stack/up", environment: environment)
        #expect(status == 1)
        #expect(output.contains("port \(stack.port)") && output.contains("is taken"))
        try await stack.stop()
    }

    @Test("the demo shows every step of its media and ends with 0, or with the reason")
    func demo() async throws {
        let stack = try await RunningStack.start()
        var environment = Build.environment(state: stack.directory.path, port: stack.port)
        let (status, output) = try Build.run("Tools/stack/demo", environment: environment)
        #expect(status == 0, "\(output)")
        for word in ["1-photo.jpg", "metadata", "variants", "7-film.mp4", "transcode", "ready", "\"mediaId\""] {
            #expect(output.contains(word), "\(output)")
        }

        let page = TemporaryDirectory().path + "/page.jpg"
        try "<html>".write(toFile: page, atomically: true, encoding: .utf8)
        environment["MEDIA"] = page
        let refused = try Build.run("Tools/stack/demo", environment: environment)
        #expect(refused.status != 0)
        #expect(refused.output.contains("unsupportedMediaType"))
        try await stack.stop()
    }
}
