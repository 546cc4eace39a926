import Events
import Foundation
import HTTPClient
import NIOCore
import ObjectStore
import S3
import TestSupport
import Testing

/// An original goes to cold storage and comes back, on the whole stack.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ColdTests {
    @Test("a cold directory plays the class for a file store")
    func directory() async throws {
        let cold = TemporaryDirectory()
        defer { cold.remove() }
        try coldDirectory(cold.path)
        let stack = try await RunningStack.start(environment: [
            "MILLRACE_COLD_DIRECTORY": cold.path, "MILLRACE_COLD_AFTER": "1s",
        ])
        let photo = try Samples.photo
        let presigned = try await stack.upload(photo, named: "photo.jpg")
        #expect(try await stack.finished(presigned.mediaId).status == .ready)
        try await expectArchived(presigned, of: stack)
        let file = stack.state.appending(path: "store/objects/" + presigned.key)
        try await eventually(timeout: .seconds(60), "its bytes are gone from the store") {
            try file.resourceValues(forKeys: [.fileSizeKey]).fileSize == 0
        }
        #expect(Array(try Data(contentsOf: URL(filePath: cold.path + "/objects/" + presigned.key))) == photo)
        try await expectArchived(presigned, of: stack)
        let back = try restore(presigned, stack)
        #expect(back.status == 0 && back.output.contains("the original is restored until 20"), "\(back.output)")
        let answer = try await stack.call("GET", "/files/\(presigned.key)")
        #expect(answer.status == 200 && answer.body == photo)
        #expect(try await stack.http.send(HTTPClient.Request("GET", "\(stack.url)/img/\(presigned.key)?w=77")).status == 200)
        try await stack.stop()
    }

    @Test("on a bucket its own rule moves the original, as bucket setup has told it to", .enabled(if: RGWServer.canRun))
    func bucket() async throws {
        let server = try await RGWServer.shared()
        let name = "cold-\(UInt32.random(in: .min ... .max))"
        let cold = ["MILLRACE_COLD_CLASS": "COLD", "MILLRACE_COLD_AFTER": "1s"]
        let operating = try server.settings.merging(cold) { $1 }.merging([
            "PATH": #require(ProcessInfo.processInfo.environment["PATH"]), "MILLRACE_STATE": "/nonexistent",
            "MILLRACE_STORE": "s3://\(name)/media",
        ]) { $1 }
        let setup = { (more: [String: String]) in
            try Build.run("millrace", ["bucket", "setup", "--yes"], environment: operating.merging(more) { $1 })
        }
        // Ten seconds are a day here, so this one never comes.
        let foreign = S3LifecycleRule.transition(
            id: "theirs", prefix: "theirs/", tag: S3Tag(key: "a", value: "b"), afterDays: 9999, to: "COLD")
        let client = try server.client("s3://\(name)")
        try await client.createBucket()
        try await client.setLifecycleRules([foreign])
        #expect(try setup([:]).output.contains("move originals to COLD after 1 days (lifecycle)\n"))
        #expect(try setup([:]).output == "\(name) is as it should be\n")
        #expect(try await client.lifecycleRules().contains(foreign))

        let stack = try await RunningStack.start(
            environment: server.settings.merging(cold) { $1 }.merging(["STORE": "s3://\(name)/media"]) { $1 })
        let photo = try Samples.photo
        let presigned = try await stack.upload(photo, named: "photo.jpg")
        let status = try await stack.finished(presigned.mediaId)
        #expect(status.status == .ready)
        try await expectArchived(presigned, of: stack)
        #expect(try await client.head("media/" + presigned.key)?.storageClass == "COLD")
        let thumbnail = try #require(status.processed.thumbnails.first?.url)
        #expect(try await stack.http.send(HTTPClient.Request("GET", thumbnail)).status == 200, "nothing else has moved")
        // Without the setting the rule goes, so that what is brought back now stays.
        #expect(try setup(["MILLRACE_COLD_CLASS": ""]).output.contains("leave originals where they are (lifecycle)\n"))
        // The end of ours tells the prefix.
        let rules = try await client.lifecycleRules().map { $0.id.hasPrefix("millrace-") ? String($0.id.dropLast(9)) : $0.id }
        #expect(rules.sorted() == ["millrace-abort-projects", "millrace-abort-system", "theirs"])
        let back = try restore(presigned, stack)
        #expect(back.status == 0 && back.output.hasSuffix("the original is at hand\n"), "\(back.output)")
        let answer = try await stack.call("GET", "/files/\(presigned.key)")
        #expect(answer.status == 200 && answer.body == photo)
        try await stack.stop()
    }

    @Test("Amazon's own classes are restored by asking, and Amazon keeps the bytes back until then")
    func amazon() async throws {
        let port = try freePort()
        let server = try Python.start(
            ["-m", "moto.server", "-H", "127.0.0.1", "-p", "\(port)"], packages: ["moto[server]==5.2.5"])
        defer { server.terminate() }
        let environment = ["AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "HOME": "/nonexistent"]
        let location = try S3Location("s3://media?endpoint=http://127.0.0.1:\(port)", environment: environment)
        let client = try S3Client(location, environment: environment)
        try await eventually(timeout: .seconds(60), "the bucket is made") { (try? await client.createBucket()) != nil }
        let store = S3Store(client, cold: ColdStorage(.storageClass("GLACIER"), restoredFor: .seconds(3 * 86_400)))
        let photo = ByteBuffer(repeating: 7, count: 200_000)
        let put = try await store.put("projects/a/original/a.jpg", photo, contentType: "image/jpeg")
        try await store.archive(put)
        #expect(try await client.tags(of: put.key) == [S3Store.coldTag])
        try await client.copy(put.key, to: put.key, storageClass: "GLACIER")
        #expect(try await store.head(put.key)?.state == .archived)
        await #expect { _ = try await store.read(put.key, range: nil) } throws: { ($0 as? StoreError)?.code == .archived }
        guard case .restored(let until) = try await store.restore(put.key).state else {
            throw StackError(description: "not back")
        }
        #expect((2.9...3.1) ~= until.timeIntervalSinceNow / 86_400)
        #expect(try await store.readAll(put.key, limit: 1 << 20) == photo)
        #expect(try await client.head(put.key)?.storageClass == "GLACIER", "what is read is a copy")
    }

    private func restore(_ presigned: RunningStack.Presigned, _ stack: RunningStack) throws -> (status: Int32, output: String) {
        try Build.run(
            "millrace", ["media", "restore", "\(presigned.mediaId)", "--url", stack.url, "--api-key", stack.apiKey],
            environment: Build.environment(state: stack.directory.path, port: stack.port))
    }

    /// The status says so, and whoever wants it is told how to get it.
    private func expectArchived(_ presigned: RunningStack.Presigned, of stack: RunningStack) async throws {
        let path = "/api/v2/media/\(presigned.mediaId)/status?projectId=demo"
        try await eventually(timeout: .seconds(120), "the status says that the original is archived") {
            let original = try await stack.call("GET", path).json["original"] as? [String: Any]
            return original?["storage"] as? String == "archived"
        }
        for path in ["/files/\(presigned.key)", "/img/\(presigned.key)?w=\(Int.random(in: 100...4000))"] {
            let answer = try await stack.call("GET", path)
            #expect(answer.status == 409 && answer.json["code"] as? String == "originalArchived", "\(path): \(answer.text)")
            let restore = try #require(answer.json["restore"] as? String)
            #expect(restore == "/api/v2/media/\(presigned.mediaId)/restore?projectId=demo")
        }
    }
}
