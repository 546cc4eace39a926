import FoundationEssentials
import Logging
import ObjectStore
import ServiceLifecycle
import TestSupport
import Testing

@testable import UploadGateway

/// Bytes of uploads that nobody wants any more.
@Suite struct GivenUpTests {
    private static let hello = Array("hello".utf8)

    @Test func bytesAfterTheDeleteAreRefused() async throws {
        try await TestGateway.with { gateway in
            let upload = try await gateway.presign(TestGateway.file()).json
            #expect(try await gateway.send("DELETE", "/api/v2/uploads/\(upload["mediaId"].text)").status == 204)
            let answer = try await gateway.put(upload["url"].text, Self.hello)
            #expect(answer.status == 409 && answer.code == "uploadClosed")
            #expect(try gateway.storedFiles().isEmpty)
        }
    }

    @Test func bytesOnTheirWayDuringTheDeleteAreRemoved() async throws {
        try await TestGateway.with { gateway in
            let upload = try await gateway.presign(TestGateway.file(size: 1 << 20)).json
            let path = upload["url"].text.dropFirst(gateway.url.count)
            let socket = try RawSocket(port: gateway.port)
            socket.send("PUT \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: 1048576\r\n\r\n")
            socket.send([UInt8](repeating: 1, count: 1 << 19))
            try await eventually("the first half is being written") { try !gateway.storedFiles().isEmpty }
            #expect(try await gateway.send("DELETE", "/api/v2/uploads/\(upload["mediaId"].text)").status == 204)
            socket.send([UInt8](repeating: 1, count: 1 << 19))
            #expect(await socket.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 409 "))
            #expect(try gateway.storedFiles().isEmpty)
        }
    }

    @Test func bytesAfterTheDeadlineAreRefused() async throws {
        try await TestGateway.with { gateway in
            let upload = try await gateway.presign(TestGateway.file()).json
            try await gateway.abandon(upload["mediaId"].text)
            let answer = try await gateway.put(upload["url"].text, Self.hello)
            #expect(answer.status == 409 && answer.code == "uploadClosed")
            #expect(try gateway.storedFiles().map { $0.hasSuffix("/manifest.json") } == [true])
        }
    }

    /// The record is in nobody's reach, the bytes count.
    @Test func bytesAreTakenWhileRedisIsAway() async throws {
        try await TestGateway.with { gateway in
            let upload = try await gateway.presign(TestGateway.file()).json
            gateway.redisServer.stop()
            #expect(try await gateway.put(upload["url"].text, Self.hello).status == 200)
            #expect(try await gateway.store.head(upload["key"].text)?.size == 5)
        }
    }

    /// Whoever wins, the other one loses as a whole.
    @Test func aDeleteBesideTheCompletionLeavesAllOrNothing() async throws {
        try await TestGateway.with { gateway in
            for _ in 0..<30 {
                let upload = try await gateway.presign(TestGateway.file(multipart: true)).json
                let (media, key) = (upload["mediaId"].text, upload["key"].text)
                let part = upload["multipart"]["parts"][0]["url"].text
                #expect(try await gateway.put(part, Self.hello, type: nil).status == 200)
                async let complete = gateway.send("POST", "/api/v2/uploads/\(media)/complete")
                async let delete = gateway.send("DELETE", "/api/v2/uploads/\(media)")
                let statuses = try await (complete.status, delete.status)
                let isThere = try await gateway.store.head(key) != nil
                #expect(
                    statuses.0 == 200 ? statuses.1 == 409 && isThere : statuses.1 == 204 && !isThere, "\(statuses) \(isThere)")
            }
            #expect(try gateway.storedFiles().allSatisfy { $0.hasPrefix("objects/projects/demo/") })
        }
    }

    @Test func theStoreIsTidiedAgainAndAgain() async throws {
        try await TestGateway.with { gateway in
            let group = ServiceGroup(
                services: [StoreTidier(store: gateway.store, interval: .milliseconds(20))], logger: Logger(label: "test"))
            async let running: Void = group.run()
            for _ in 1...3 {
                let path = gateway.directory.path + "/temporary/old"
                #expect(FileManager.default.createFile(atPath: path, contents: Data("half".utf8)))
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSinceNow: -25 * 3600)], ofItemAtPath: path)
                try await eventually("the leftover is removed") { !FileManager.default.fileExists(atPath: path) }
            }
            await group.triggerGracefulShutdown()
            try await running
        }
    }
}
