import FoundationEssentials
import NIOCore
import ObjectStore
import S3
import Synchronization
import TestSupport
import Testing

/// On Ceph, which knows classes but no `RestoreObject`, and whose day lasts ten seconds here.
@Suite(.enabled(if: RGWServer.canRun), .timeLimit(.minutes(3))) struct S3ColdTests {
    private static let cold = ColdStorage(.storageClass("COLD"), after: .seconds(1))

    @Test(arguments: StoreConformance.coldChecks) func conformance(_ check: StoreConformance.ColdCheck) async throws {
        let client = try await RGWServer.shared().bucket("/media")
        let store = S3Store(client, cold: Self.cold)
        let subject = StoreConformance.Subject(store: store) { _, _ in nil }
        try await check.run(subject) { key in try await client.copy("media/" + key, to: "media/" + key, storageClass: "COLD") }
    }

    @Test("the bucket's rule moves what was given up, and nothing else; what was copied back stays")
    func lifecycle() async throws {
        let client = try await RGWServer.shared().bucket("/media")
        let store = S3Store(client, cold: Self.cold)
        let bytes = ByteBuffer(repeating: 7, count: 200_000)
        for name in ["a/original/a.jpg", "a/derived/b.webp", "b/original/b.jpg"] {
            try await store.put("projects/\(name)", bytes, contentType: "image/jpeg")
        }
        let film = try await film(store, "projects/c/original/c.mp4")
        let rule = S3LifecycleRule.transition(
            id: "cold", prefix: "media/projects/", tag: S3Store.coldTag, afterDays: 1, to: "COLD")
        try await client.setLifecycleRules([rule])
        let photo = try #require(try await store.head("projects/a/original/a.jpg"))
        try await client.setTags([S3Tag(key: "owner", value: "a & b")], of: "media/" + photo.key)
        for _ in 1...2 { for object in [photo, film] { try await store.archive(object) } }
        #expect(Set(try await client.tags(of: "media/" + photo.key)) == [S3Store.coldTag, S3Tag(key: "owner", value: "a & b")])
        try await eventually(timeout: .seconds(120), "the rule has moved both") {
            let states = [try await store.head(photo.key)?.state, try await store.head(film.key)?.state]
            return states == [.archived, .archived]
        }
        for name in ["a/derived/b.webp", "b/original/b.jpg"] {
            #expect(try await store.head("projects/\(name)")?.state == .available)
        }
        for object in [photo, film] {
            let back = try await store.restore(object.key)
            #expect(back.state == .available && back.etag == object.etag && back.size == object.size)
        }
        #expect(try await store.readAll(photo.key, limit: 1 << 20) == bytes)
        #expect(try await client.tags(of: "media/" + photo.key) == [S3Tag(key: "owner", value: "a & b")])
        #expect(try await client.tags(of: "media/" + film.key).isEmpty, "or tomorrow's rule would take it away again")
    }

    @Test("what is too large to be copied back at once is copied back in parts, and keeps the tags of others")
    func largeRestore() async throws {
        let client = try await RGWServer.shared().bucket("/media")
        let store = S3Store(client, cold: Self.cold, largestCopy: 5 << 20)
        let film = try await film(store, "projects/c/original/c.mp4")
        let owner = S3Tag(key: "owner", value: "a & b")
        try await client.setTags([owner], of: "media/" + film.key)
        try await store.archive(film)
        try await client.copy("media/" + film.key, to: "media/" + film.key, storageClass: "COLD")
        #expect(try await store.head(film.key)?.state == .archived)
        let back = try await store.restore(film.key)
        #expect(back.state == .available && back.size == film.size && back.contentType == "video/mp4")
        #expect(try await client.tags(of: "media/" + film.key) == [owner])
    }

    private func film(_ store: S3Store, _ key: String) async throws -> ObjectInfo {
        let id = try await store.beginMultipart(key, contentType: "video/mp4")
        var parts: [PartInfo] = []
        for (number, size) in [(1, 5 << 20), (2, 100)] {
            parts.append(try await store.putPart(number, of: id, key: key, ByteBuffer(repeating: 1, count: size)))
        }
        return try await store.completeMultipart(key, uploadId: id, parts: parts)
    }
}

/// What only Amazon says, by its documentation.
@Suite struct S3RestoreTests {
    private let environment = ["AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "HOME": "/nonexistent"]

    private func store(_ server: RawServer, cold: String? = nil) throws -> S3Store {
        let location = try S3Location("s3://bucket?endpoint=\(server.url(""))", environment: environment)
        return S3Store(
            try S3Client(location, environment: environment),
            cold: cold.map { ColdStorage(.storageClass($0), restoredFor: .seconds(36 * 3600)) })
    }

    @Test(
        "an object's state follows from its class and what Amazon tells of its copy",
        arguments: [
            ("", "GLACIER", StorageState.available), ("x-amz-storage-class: STANDARD_IA", "STANDARD_IA", .available),
            ("x-amz-storage-class: GLACIER_IR", "GLACIER_IR", .available), ("x-amz-storage-class: COLD", "GLACIER", .available),
            ("x-amz-storage-class: COLD", "COLD", .archived), ("x-amz-storage-class: GLACIER", nil, .archived),
            ("x-amz-storage-class: DEEP_ARCHIVE", "GLACIER", .archived),
            ("x-amz-storage-class: INTELLIGENT_TIERING", nil, .available),
            ("x-amz-storage-class: INTELLIGENT_TIERING\r\nx-amz-archive-status: ARCHIVE_ACCESS", nil, .archived),
            ("x-amz-storage-class: GLACIER\r\nx-amz-restore: ongoing-request=\"true\"", nil, .restoring),
            (
                "x-amz-storage-class: GLACIER\r\n"
                    + "x-amz-restore: ongoing-request=\"false\", expiry-date=\"Fri, 21 Dec 2012 00:00:00 GMT\"",
                nil, .restored(until: Date(timeIntervalSince1970: 1_356_048_000))
            ),
            ("x-amz-storage-class: GLACIER\r\nx-amz-restore: nonsense", nil, .archived),
        ] as [(String, String?, StorageState)])
    func states(_ headers: String, _ cold: String?, _ state: StorageState) async throws {
        let server = try RawServer { connection in
            while connection.readHead() != nil {
                connection.write(
                    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"e\"\r\n\(headers.isEmpty ? "" : headers + "\r\n")\r\n")
            }
        }
        defer { server.stop() }
        #expect(try await store(server, cold: cold).head("a")?.state == state)
    }

    @Test("restoring asks for so many days, and tells how it stands", arguments: ["202 Accepted", "200 OK", "409 Conflict"])
    func restore(_ answer: String) async throws {
        let asked = Mutex<[String]>([])
        let server = try RawServer { connection in
            while let head = connection.readHead() {
                let isDone = asked.withLock { !$0.isEmpty }
                if head.hasPrefix("HEAD") {
                    let copy = isDone ? "x-amz-restore: ongoing-request=\"true\"\r\n" : ""
                    connection.write(
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"e\"\r\nx-amz-storage-class: GLACIER\r\n\(copy)\r\n")
                    continue
                }
                let body = String(decoding: Self.body(of: connection, head) ?? [], as: UTF8.self)
                asked.withLock { $0.append("\(head.prefix { $0 != "\r\n" }) \(body)") }
                connection.answer(
                    answer, body: answer.hasPrefix("409") ? "<Error><Code>RestoreAlreadyInProgress</Code></Error>" : "")
            }
        }
        defer { server.stop() }
        #expect(try await store(server, cold: "GLACIER").restore("a b").state == .restoring)
        let request = "<Days>2</Days><GlacierJobParameters><Tier>Standard</Tier></GlacierJobParameters>"
        #expect(
            asked.withLock(\.self) == ["POST /bucket/a%20b?restore= HTTP/1.1 <RestoreRequest>\(request)</RestoreRequest>"])
        #expect(try await store(server, cold: "GLACIER").restore("a b").state == .restoring)
        #expect(asked.withLock(\.count) == 1, "it is on its way already")
    }

    @Test("what Amazon does not hand out is archived, whatever was believed before")
    func reading() async throws {
        let server = try RawServer { connection in
            while let head = connection.readHead() {
                if head.hasPrefix("HEAD /bucket/a") {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"e\"\r\n\r\n")
                } else if head.hasPrefix("HEAD") {
                    connection.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                } else {
                    let code = "<Error><Code>InvalidObjectState</Code><Message>The operation is not valid</Message></Error>"
                    connection.answer("403 Forbidden", body: code)
                }
            }
        }
        defer { server.stop() }
        let store = try store(server)
        await #expect { _ = try await store.read("a", range: nil) } throws: { ($0 as? StoreError)?.code == .archived }
        await #expect { try await store.copy("a", to: "b") } throws: { ($0 as? StoreError)?.code == .archived }
        await #expect { try await store.restore("unseen") } throws: { ($0 as? StoreError)?.isTransient == true }
    }

    private static func body(of connection: RawServer.Connection, _ head: String) -> [UInt8]? {
        let length = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        return length.flatMap { Int($0.dropFirst("content-length:".count).filter(\.isNumber)) }.flatMap {
            connection.read(exactly: $0)
        }
    }
}
