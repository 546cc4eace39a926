import AWS
import FoundationEssentials
import Synchronization
import TestSupport
import Testing

@testable import IngestListener

@Suite(.timeLimit(.minutes(1))) struct SQSQueueTests {
    @Test func whatIsWorkedOnIsKeptFromOthers() async throws {
        let kept = Mutex<[String]>([])
        let server = try RawServer { connection in
            while let head = connection.readHead() {
                let length = head.lowercased().split(separator: "content-length: ").last?.prefix { $0.isNumber }
                let body = String(decoding: connection.read(exactly: length.flatMap { Int($0) } ?? 0) ?? [], as: UTF8.self)
                if head.contains("AmazonSQS.ChangeMessageVisibilityBatch") { kept.withLock { $0.append(body) } }
                connection.answer(body: "{}")
            }
        }
        defer { server.stop() }
        let queue = SQSQueue(
            address: try #require(SQSAddress(server.url("/1/media"))), region: "eu-west-1",
            access: try AWSAccess(["AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"]))
        let messages = ["x", "y"].map { SQSQueue.Message(id: $0, receipt: "receipt-\($0)", body: "") }
        let answer = try await queue.keeping(messages, for: .milliseconds(1200)) {
            try await eventually("it has said so twice") { kept.withLock(\.count) >= 2 }
            return 7
        }
        #expect(answer == 7)
        let body = kept.withLock { $0[0] }
        for field in [#""ReceiptHandle":"receipt-x""#, #""ReceiptHandle":"receipt-y""#, #""VisibilityTimeout":1"#] {
            #expect(body.contains(field), "\(body)")
        }
    }

    @Test func refusedCredentialsAreLoadedAnew() async throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let (id, secret) = (directory.path + "/id", directory.path + "/secret")
        try Data("OLDKEY".utf8).write(to: URL(filePath: id))
        try Data("secret".utf8).write(to: URL(filePath: secret))
        let heads = Mutex<[String]>([])
        let server = try RawServer { connection in
            while let head = connection.readHead() {
                let length = head.lowercased().split(separator: "content-length: ").last?.prefix { $0.isNumber }
                _ = connection.read(exactly: length.flatMap { Int($0) } ?? 0)
                heads.withLock { $0.append(head) }
                if head.contains("Credential=NEWKEY/") {
                    connection.answer(body: #"{"Messages":[{"MessageId":"1","ReceiptHandle":"r","Body":"b"}]}"#)
                } else {
                    let body = #"{"__type":"com.amazon.coral.service#InvalidClientTokenId","message":"no such key"}"#
                    connection.answer("403 Forbidden", body: body)
                }
            }
        }
        defer { server.stop() }
        let queue = SQSQueue(
            address: try #require(SQSAddress(server.url("/1/media"))), region: "eu-west-1",
            access: try AWSAccess(["AWS_ACCESS_KEY_ID_FILE": id, "AWS_SECRET_ACCESS_KEY_FILE": secret]))
        await #expect { _ = try await queue.receive(visibility: .seconds(60)) } throws: {
            ($0 as? SQSError)?.description == "403 InvalidClientTokenId no such key"
        }
        try Data("NEWKEY".utf8).write(to: URL(filePath: id))
        #expect(try await queue.receive(visibility: .seconds(60)).map(\.body) == ["b"])
        #expect(heads.withLock { $0.map { $0.contains("Credential=OLDKEY/") } } == [true, false])
    }
}
