import Events
import Foundation
import HTTPClient
import TestSupport
import Testing

/// What other people's programs do with a whole stack.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ClientTests {
    @Test("tuspy uploads, is interrupted, goes on in another process, and the picture becomes ready")
    func resumable() async throws {
        let stack = try await RunningStack.start()
        let bytes = try Samples.photo
        let file = stack.state.appending(path: "picture.jpg")
        try Data(bytes).write(to: file)
        let first = try stack.tuspy(file, stop: 400_000)
        #expect(first.offset >= 400_000 && first.offset < bytes.count)
        let second = try stack.tuspy(file, known: first.url)
        #expect(second.url == first.url && second.offset == bytes.count)
        let media = try #require(MediaID(String(first.url.split(separator: "/").last ?? "")))
        let status = try await stack.finished(media)
        #expect(status.status == .ready && status.fileName == "tus.jpg")
        let original = try await stack.call("GET", "/files/projects/demo/\(media)/original/tus.jpg")
        #expect(original.body == bytes)
        try await stack.stop()
    }

    @Test("a file that another program drops into the store becomes a media, by looking, by an event and by hand")
    func dropped() async throws {
        let token = "a-token-of-the-store"
        let stack = try await RunningStack.start(environment: [
            "MILLRACE_INGEST_PREFIXES": "in/{project}/,scans/=demo", "MILLRACE_INGEST_INTERVAL": "1s",
            "MILLRACE_RECONCILE_AGE": "1s", "MILLRACE_EVENTS_TOKEN": token,
        ])
        let picture = try Samples.bytes("3-portrait.webp")
        try drop(picture, "in/demo/seen.webp", stack)
        try await ready(["seen.webp"], stack)
        // An event is faster than the next look; a second one for the same object changes nothing.
        try drop(picture, "scans/told 1.webp", stack)
        let object = #"{"bucket":{"name":"b"},"object":{"key":"scans/told+1.webp"}}"#
        let event = Array("{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":\(object)}]}".utf8)
        for _ in 0..<2 {
            let answer = try await stack.http.send(
                HTTPClient.Request(
                    "POST", stack.url + "/events/s3", headers: [("Authorization", "Bearer \(token)")], body: .bytes(event)))
            #expect(answer.status == 200)
        }
        try await ready(["seen.webp", "told-1.webp"], stack)
        let refused = try await stack.http.send(
            HTTPClient.Request("POST", stack.url + "/events/s3", body: .bytes(event)))
        #expect(refused.status == 401)
        // By hand, what no place is configured for.
        try drop(picture, "old/a/b.webp", stack)
        var environment = Build.environment(state: stack.directory.path, port: stack.port)
        environment["MILLRACE_RECONCILE_AGE"] = "0s"
        let ingest = { [environment] (more: [String]) in
            try Build.run("millrace", ["ingest", "old/", "--project", "demo"] + more, environment: environment)
        }
        let dry = try ingest(["--dry-run"])
        #expect(dry.status == 0 && dry.output.hasSuffix("1 objects: 1 to become media\n"), "\(dry.output)")
        #expect(try ingest([]).output.hasSuffix("1 objects: 1 are media now\n"))
        #expect(try ingest([]).output.hasSuffix("1 objects: nothing new\n"))
        // Where its copy should go, nothing can be written.
        try drop([1], "projects/broken", stack)
        let failed = try Build.run("millrace", ["ingest", "old/", "--project", "broken"], environment: environment)
        #expect(failed.status == 1 && failed.output.contains("1 objects: nothing new, 1 failed\n"), "\(failed.output)")
        try await ready(["seen.webp", "told-1.webp", "b.webp"], stack)
        try await stack.stop()
    }

    @Test("events are taken from a queue of SQS, and deleted when they are done; what cannot be read stays")
    func queued() async throws {
        let port = try freePort()
        let server = try Python.start(
            ["-m", "moto.server", "-H", "127.0.0.1", "-p", "\(port)"], packages: ["moto[server]==5.2.5"])
        defer { server.terminate() }
        let queue = Queue(address: "http://127.0.0.1:\(port)")
        try await eventually(timeout: .seconds(60), "the queue is there") {
            (try? await queue.call("CreateQueue", ["QueueName": "media"]))?["QueueUrl"] != nil
        }
        let stack = try await RunningStack.start(environment: [
            "MILLRACE_EVENTS_SQS_QUEUE": queue.url, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test", "MILLRACE_INGEST_PREFIXES": "in/{project}/",
        ])
        try drop(try Samples.bytes("3-portrait.webp"), "in/demo/queued.webp", stack)
        let object = #"{"bucket":{"name":"b"},"object":{"key":"in/demo/queued.webp"}}"#
        let event = "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":\(object)}]}"
        let envelope = try JSONSerialization.data(withJSONObject: [
            "Type": "Notification", "MessageId": "1", "TopicArn": "arn:aws:sns:us-east-1:1:t", "Message": event, "Timestamp": "t",
        ])
        for body in [event, String(decoding: envelope, as: UTF8.self), "nonsense"] {
            _ = try await queue.call("SendMessage", ["QueueUrl": queue.url, "MessageBody": body])
        }
        try await ready(["queued.webp"], stack)
        try await eventually(timeout: .seconds(30), "only what cannot be read is left") { try await queue.count() == 1 }
        try await stack.stop()
    }

    private struct Queue {
        let address: String
        let http = HTTPClient()
        var url: String { address + "/123456789012/media" }

        func call(_ action: String, _ question: [String: Any]) async throws -> [String: Any] {
            let body = Array(try JSONSerialization.data(withJSONObject: question))
            // The server reads in the signature, which it does not check, which of its services is meant.
            let scope = "Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0"
            let headers = [
                ("Content-Type", "application/x-amz-json-1.0"), ("X-Amz-Target", "AmazonSQS.\(action)"),
                ("Authorization", "AWS4-HMAC-SHA256 \(scope)"),
            ]
            let answer = try await http.send(HTTPClient.Request("POST", address + "/", headers: headers, body: .bytes(body)))
            guard answer.status == 200 else { throw StackError(description: "\(action): \(answer.text)") }
            return answer.json
        }

        /// Messages that were not deleted, handed out or not.
        func count() async throws -> Int {
            let names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
            let answer = try await call("GetQueueAttributes", ["QueueUrl": url, "AttributeNames": names])
            let values = answer["Attributes"] as? [String: String] ?? [:]
            return names.compactMap { values[$0].flatMap { Int($0) } }.reduce(0, +)
        }
    }

    private func drop(_ bytes: [UInt8], _ key: String, _ stack: RunningStack) throws {
        let file = stack.state.appending(path: "store/objects/" + key)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    private func ready(_ names: [String], _ stack: RunningStack) async throws {
        try await eventually(timeout: .seconds(60), "\(names) are ready") {
            try await stack.list("ready").count >= names.count
        }
        var found: [String] = []
        for item in try await stack.list("ready") { found.append(try await stack.status(item).fileName) }
        #expect(found.sorted() == names.sorted())
    }
}
