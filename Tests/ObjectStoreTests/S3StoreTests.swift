import FoundationEssentials
import HTTPClient
import NIOCore
import ObjectStore
import S3
import TestSupport
import Testing

@Suite(.enabled(if: RGWServer.canRun)) struct S3StoreTests {
    @Test(arguments: StoreConformance.checks) func conformance(_ check: StoreConformance.Check) async throws {
        let store = S3Store(try await Self.bucket.value)
        try await check.run(StoreConformance.Subject(store: store, perform: perform))
    }

    @Test("a bucket may be shared: only what is below the prefix is ours")
    func prefix() async throws {
        let client = try await RGWServer.shared().bucket("/media/eu")
        let store = S3Store(client)
        for key in ["media/eu2/stranger", "media/stranger", "media/eu/not//ours", "media/eu/folder/"] {
            _ = try await client.put(key, [1], contentType: "text/plain")
        }
        try await store.put("a/b", ByteBuffer(string: "ours"), contentType: "text/plain")
        #expect(try await store.list(prefix: "", startAfter: nil, limit: 100).map(\.key) == ["a/b"])
        #expect(try await client.head("media/eu/a/b")?.size == 4)
        await #expect {
            try await store.put(String(repeating: "k/", count: 510) + "kkk", ByteBuffer(), contentType: "text/plain")
        } throws: {
            ($0 as? StoreError)?.code == .invalidKey
        }
    }

    @Test("listing goes on behind a page of the store's")
    func manyPages() async throws {
        let store = S3Store(try await RGWServer.shared().bucket())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<1205 {
                if number >= 32 { try await group.next() }
                group.addTask { _ = try await store.put("many/\(number)", ByteBuffer(), contentType: "text/plain") }
            }
            try await group.waitForAll()
        }
        let all = try await store.list(prefix: "many/", startAfter: nil, limit: 5000).map(\.key)
        #expect(all == (0..<1205).map { "many/\($0)" }.sorted())
        #expect(try await store.list(prefix: "many/", startAfter: all[99], limit: 1002).map(\.key) == Array(all[100..<1102]))
    }

    @Test("forgotten uploads are aborted, young ones and those of other tools are not")
    func tidy() async throws {
        let client = try await RGWServer.shared().bucket("/ours")
        let store = S3Store(client)
        let ours = [
            try await store.beginMultipart("projects/a b/ü", contentType: "text/plain"),
            try await store.beginMultipart("system/a", contentType: "text/plain"),
        ]
        let foreign = [
            try await client.createMultipart("theirs/a", contentType: "text/plain"),
            try await client.createMultipart("ours/incoming/a", contentType: "text/plain"),
        ]
        await store.tidy()
        #expect(try await client.uploads(prefix: "").map(\.id).sorted() == (ours + foreign).sorted())
        await store.tidy(olderThan: Date().addingTimeInterval(60))
        #expect(try await client.uploads(prefix: "").map(\.id).sorted() == foreign.sorted())
    }

    @Test("a read URL is good for anybody, in ranges, with the headers that were asked for")
    func readURL() async throws {
        let store = S3Store(try await RGWServer.shared().bucket())
        try await store.put("a b/ü+%.txt", ByteBuffer(string: "0123456789"), contentType: "text/plain")
        let answering = [(name: "response-content-disposition", value: "attachment; filename=\"a.txt\"")]
        let signed = try await store.presignRead("a b/ü+%.txt", answering: answering, lifetime: .seconds(60))
        let response = try await HTTPClient().send(HTTPClient.Request("GET", signed.url, headers: [("Range", "bytes=2-4")]))
        #expect(response.status == 206 && response.body == Array("234".utf8))
        #expect(response.header("content-disposition") == "attachment; filename=\"a.txt\"")
    }

    @Test("what is too large to be copied at once is copied in parts, of these very bytes only")
    func largeCopy() async throws {
        let client = try await RGWServer.shared().bucket("/ours")
        let store = S3Store(client, largestCopy: 5 << 20)
        let bytes = ByteBuffer(bytes: (0..<(11 << 20) + 3).map { UInt8(truncatingIfNeeded: $0 >> 3) })
        let source = try await store.put("in/a +ü.mp4", bytes, contentType: "video/mp4")
        try await store.put("copy", ByteBuffer(string: "old"), contentType: "text/plain")
        await #expect { try await store.copy(source.key, to: "copy", ifMatch: nil, replacing: false) } throws: {
            ($0 as? StoreError)?.code == .alreadyExists
        }
        let copy = try await store.copy(source.key, to: "copy", ifMatch: source.etag, replacing: true)
        #expect(copy.size == source.size && copy.contentType == "video/mp4" && copy.etag.hasSuffix("-3"))
        #expect(try await store.readAll("copy", limit: 12 << 20) == bytes)
        for (key, etag) in [(source.key, "other"), ("none", nil)] as [(String, String?)] {
            await #expect { try await store.copy(key, to: "second", ifMatch: etag, replacing: true) } throws: {
                ($0 as? StoreError)?.code == .notFound
            }
        }
        #expect(try await store.head("second") == nil)
        #expect(try await client.uploads(prefix: "").isEmpty)
    }

    @Test("a bucket that is not there, or not ours, is unavailable")
    func missing() async throws {
        let server = try await RGWServer.shared()
        let store = S3Store(try server.client("s3://nobody-made-this"))
        await #expect { try await store.check() } throws: { ($0 as? StoreError)?.isTransient == true }
        await #expect { _ = try await store.put("a", ByteBuffer(), contentType: "text/plain") } throws: {
            ($0 as? StoreError)?.isTransient == true
        }
        try await S3Store(try await Self.bucket.value).check()
    }

    private static let bucket = Task { try await RGWServer.shared().bucket("/pre fix") }

    /// What a browser does with a presigned request.
    private func perform(_ request: PresignedRequest, _ body: ByteBuffer) async throws -> String? {
        let response = try await Self.http.send(
            HTTPClient.Request(
                request.method, request.url, headers: request.headers.map { ($0.key, $0.value) },
                body: .bytes(Array(body.readableBytesView))))
        guard response.status < 500 else { throw StoreConformance.Violation(description: "\(response.status)") }
        return response.status == 200 ? response.header("etag")?.replacing("\"", with: "") : nil
    }

    private static let http = HTTPClient()
}
