import Events
import FoundationEssentials
import Glibc
import HTTPClient
import NIOCore
import ObjectStore
import S3
import Synchronization
import TestSupport
import Testing

@testable import UploadGateway

@Suite(.timeLimit(.minutes(2))) struct ColdTests {
    private static let restoring = "/restore?projectId=demo"

    /// A finished media. - Returns: its id and its original's key.
    private static func finished(_ gateway: TestGateway) async throws -> (media: String, key: String) {
        let upload = try await gateway.uploaded()
        let media = upload["mediaId"].text
        #expect(try await gateway.send("POST", "/api/v2/uploads/\(media)/complete").status == 200)
        try await gateway.finish(media)
        return (media, upload["key"].text)
    }

    private static func archive(_ key: String, _ gateway: TestGateway) async throws {
        try await gateway.store.archive(try #require(try await gateway.store.head(key)))
    }

    @Test func anArchivedOriginalSaysSoAndHowItComesBack() async throws {
        try await TestGateway.with(cold: true) { gateway in
            let (media, key) = try await Self.finished(gateway)
            let (status, view, file) = ("/api/v2/media/\(media)/status?projectId=demo", "/api/v2/media/\(media)", "/files/\(key)")
            let etag = try #require(try await gateway.send("GET", file).header("etag"))
            #expect(try await gateway.send("GET", status).json["original"] == .null, "it is at hand")
            for _ in 1...2 {
                try await Self.archive(key, gateway)
                #expect(try await gateway.send("GET", status).json["original"]["storage"].text == "archived")
                #expect(try await gateway.send("GET", status).json["status"].text == "ready")
                #expect(try await gateway.send("GET", view).json["original"]["storage"].text == "archived")
                for headers in [[], [("Range", "bytes=0-1")]] {
                    let answer = try await gateway.send("GET", file, headers: headers)
                    #expect(answer.status == 409 && answer.code == "originalArchived")
                    #expect(answer.json["restore"].text == "/api/v2/media/\(media)\(Self.restoring)")
                    #expect(answer.json["storage"].text == "archived")
                    #expect(answer.header("content-type") == "application/problem+json")
                }
                #expect(try await gateway.send("HEAD", file).status == 409)
                #expect(try await gateway.send("GET", file, headers: [("If-None-Match", etag)]).status == 304)
                #expect(try await gateway.send("GET", file, token: gateway.otherToken).status == 403)
            }
            for _ in 1...2 {
                let answer = try await gateway.send("POST", "/api/v2/media/\(media)\(Self.restoring)")
                #expect(answer.status == 200 && answer.json["original"]["storage"].text == "restored")
            }
            let shown = try await gateway.send("GET", status).json["original"]
            #expect(shown["storage"].text == "restored" && shown.keys == ["restoredUntil", "storage"])
            #expect(try await gateway.send("GET", view).json["original"]["restoredUntil"] == shown["restoredUntil"])
            let back = try await gateway.send("GET", file)
            #expect(back.status == 200 && back.bytes == Array("hello".utf8) && back.header("etag") == etag)
        }
    }

    @Test func nginxIsNeverSentToAnEmptyFile() async throws {
        try await TestGateway.with(["MILLRACE_ACCEL": "/_store"], cold: true) { gateway in
            let (_, key) = try await Self.finished(gateway)
            #expect(try await gateway.send("GET", "/files/\(key)").header("x-accel-redirect") == "/_store/\(key)")
            for _ in 1...2 {
                try await Self.archive(key, gateway)
                let answer = try await gateway.send("GET", "/files/\(key)")
                #expect(answer.status == 409 && answer.header("x-accel-redirect") == nil)
            }
        }
    }

    @Test func onlyItsProjectRestoresWhatIsThere() async throws {
        try await TestGateway.with(cold: true) { gateway in
            let (media, key) = try await Self.finished(gateway)
            for _ in 1...2 { try await Self.archive(key, gateway) }
            let restore = { (path: String, token: String?) in
                try await gateway.send("POST", "/api/v2/media/\(path)", token: token)
            }
            #expect(try await restore("\(media)\(Self.restoring)", "").status == 401)
            #expect(try await restore("\(media)\(Self.restoring)", gateway.otherToken).status == 403)
            #expect(try await restore("\(media)/restore?projectId=other", gateway.otherToken).code == "mediaNotFound")
            #expect(try await restore("\(media)/restore", nil).status == 422)
            #expect(try await restore("\(MediaID.generate())\(Self.restoring)", nil).code == "mediaNotFound")
            #expect(try await gateway.store.head(key)?.state == .archived)
            let uploading = try await gateway.presign(TestGateway.file()).json["mediaId"].text
            #expect(try await restore("\(uploading)\(Self.restoring)", nil).status == 404)
            try await gateway.redisServer.flushAll()
            #expect(try await restore("\(media)\(Self.restoring)", nil).status == 200, "also of a media that Redis has lost")
        }
    }

    @Test func whatCannotBeBroughtBackIsRefused() async throws {
        try await TestGateway.with(cold: true) { gateway in
            let (media, key) = try await Self.finished(gateway)
            for _ in 1...2 { try await Self.archive(key, gateway) }
            let cold = gateway.directory.path + "/cold"
            try FileManager.default.removeItem(atPath: cold)
            #expect(try await gateway.send("POST", "/api/v2/media/\(media)\(Self.restoring)").status == 503)
            try FileManager.default.createSymbolicLink(atPath: cold, withDestinationPath: gateway.directory.path)
            #expect(try await gateway.send("POST", "/api/v2/media/\(media)\(Self.restoring)").code == "restoreRefused")
        }
    }

    /// As a store that copies films does.
    @Test func aSlowStoreIsAskedOnceAndKeepsNobodyWaiting() async throws {
        let asked = Mutex(0)
        let isDone = Mutex(false)
        let server = try RawServer { connection in
            while let head = connection.readHead() {
                if head.hasPrefix("HEAD") {
                    let storageClass = isDone.withLock(\.self) ? "" : "x-amz-storage-class: COLD\r\n"
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"e\"\r\n\(storageClass)\r\n")
                } else if head.hasPrefix("POST") {
                    connection.answer("501 Not Implemented", headers: "Connection: close\r\n")
                    return
                } else if head.contains("?tagging") {
                    connection.answer(body: "<Tagging><TagSet></TagSet></Tagging>")
                } else {
                    asked.withLock { $0 += 1 }
                    while !isDone.withLock(\.self) { usleep(1000) }
                    connection.answer(body: "<CopyObjectResult><ETag>e</ETag></CopyObjectResult>")
                }
            }
        }
        defer { server.stop() }
        let environment = ["AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "HOME": "/nonexistent"]
        let client = try S3Client(
            S3Location("s3://bucket?endpoint=\(server.url(""))", environment: environment), environment: environment)
        let restorations = Restorations(
            store: S3Store(client, cold: ColdStorage(.storageClass("COLD"))), patience: .milliseconds(200))
        async let first = restorations.restore("a")
        async let second = restorations.restore("a")
        let answers: [StorageState] = try await [first, second]
        #expect(answers == [.restoring, .restoring])
        try await eventually("the store copies") { asked.withLock(\.self) == 1 }
        isDone.withLock { $0 = true }
        try await eventually("it is back") { try await restorations.restore("a") == .available }
        #expect(asked.withLock(\.self) == 1)
    }
}
