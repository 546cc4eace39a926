import Access
import Events
import NIOCore
import ObjectStore
import Testing

@Suite struct ReadTests {
    private static let text = "0123456789"

    private static func derived(_ gateway: TestGateway, _ bytes: String = text) async throws -> String {
        let keys = MediaKeys(projectId: try #require(ProjectID("demo")), mediaId: .generate())
        let key = keys.derived("thumb/ä b.webp")
        try await gateway.store.put(key, ByteBuffer(string: bytes), contentType: "image/webp")
        return "/files/\(keys.prefix)derived/thumb/%C3%A4%20b.webp"
    }

    @Test func entrancesOfStreamsGrow() async throws {
        try await TestGateway.with { gateway in
            let keys = MediaKeys(projectId: try #require(ProjectID("demo")), mediaId: .generate())
            for name in ["master.m3u8", "manifest.mpd"] {
                try await gateway.store.put(keys.derived("stream/a/\(name)"), ByteBuffer(string: "x"), contentType: "text/plain")
                let answer = try await gateway.send("GET", "/files/\(keys.derived("stream/a/\(name)"))", token: "")
                #expect(answer.header("cache-control") == "public, max-age=10")
            }
        }
    }

    @Test func servesDerivedObjectsToEverybody() async throws {
        try await TestGateway.with { gateway in
            let path = try await Self.derived(gateway)
            let answer = try await gateway.send("GET", path, token: "")
            #expect(answer.status == 200)
            #expect(answer.bytes == Array(Self.text.utf8))
            #expect(answer.header("content-type") == "image/webp")
            #expect(answer.header("cache-control") == "public, max-age=31536000, immutable")
            #expect(answer.header("accept-ranges") == "bytes")
            #expect(answer.header("x-content-type-options") == "nosniff")
            #expect(answer.header("content-disposition") == nil)
            let head = try await gateway.send("HEAD", path, token: "")
            #expect(head.status == 200)
            #expect(head.bytes.isEmpty)
            #expect(head.header("content-length") == "10")
            #expect(head.header("etag") == answer.header("etag"))
        }
    }

    @Test func servesOriginalsOnlyToTheirProject() async throws {
        try await TestGateway.with { gateway in
            let upload = try await gateway.uploaded()
            let keys = try #require(MediaKeys.parse(upload["key"].text)?.keys)
            try await gateway.store.put(keys.manifest, ByteBuffer(string: "{}"), contentType: "application/json")
            let operatorToken = try await gateway.keys.create(project: "*", name: "operator").token
            for path in ["/files/\(upload["key"].text)", "/files/\(keys.manifest)"] {
                let stranger = try await gateway.send("GET", path, token: "")
                #expect(stranger.status == 401)
                #expect(stranger.header("www-authenticate")?.hasPrefix("Bearer") == true)
                #expect(try await gateway.send("GET", path, token: "mr_wrong").status == 401)
                #expect(try await gateway.send("GET", path, token: gateway.otherToken).status == 403)
                #expect(try await gateway.send("HEAD", path, token: "").status == 401)
                #expect(try await gateway.send("GET", path, token: operatorToken).status == 200)
                let answer = try await gateway.send("GET", path)
                #expect(answer.status == 200)
                #expect(answer.header("cache-control") == "private, no-cache")
            }
            let original = try await gateway.send("GET", "/files/\(upload["key"].text)")
            #expect(original.bytes == Array("hello".utf8))
            #expect(original.header("content-disposition") == "attachment; filename=\"a.jpg\"")
        }
    }

    @Test func hidesEverythingElse() async throws {
        try await TestGateway.with { gateway in
            let key = try #require(try await gateway.keys.list().first)
            let media = MediaID.generate()
            for path in [
                "system/keys/\(key.id).json", "projects/demo/\(media)/derived/none.webp", "projects/demo/\(media)/original/a/b",
                "projects/demo/\(media)/derived/../../../../system/keys/\(key.id).json",
                "projects/demo/\(media)/derived/%2e%2e/%2e%2e/%2e%2e/%2e%2e/system/keys/\(key.id).json",
                "projects/demo/\(media)/derived/..%2f..%2fx", "%2e%2e/%2e%2e/etc/passwd", "projects/demo/\(media)/derived/a%00b",
                "projects/demo/\(media)/derived/%zz", "projects/demo/\(media)/derived/%ff", "projects//demo", "", "%2F",
                "projects/demo/\(media)/derived/" + String(repeating: "x", count: 5000),
            ] {
                let answer = try await gateway.send("GET", "/files/\(path)")
                #expect(answer.status == 404, "\(path)")
                #expect(answer.header("content-type") == "application/problem+json", "\(path)")
            }
        }
    }

    @Test(
        arguments: [
            ("bytes=0-3", 206, "0123", "bytes 0-3/10"), ("bytes=4-", 206, "456789", "bytes 4-9/10"),
            ("bytes=-2", 206, "89", "bytes 8-9/10"), ("bytes=8-99", 206, "89", "bytes 8-9/10"),
            ("bytes=-99", 206, "0123456789", "bytes 0-9/10"), ("bytes=10-", 416, nil, "bytes */10"),
            ("bytes=-0", 416, nil, "bytes */10"), ("bytes=0-1,4-5", 200, "0123456789", nil),
            ("bytes=5-2", 200, "0123456789", nil),
            ("bytes=a-b", 200, "0123456789", nil), ("lines=0-1", 200, "0123456789", nil),
        ] as [(String, Int, String?, String?)])
    func servesRanges(range: String, status: Int, body: String?, contentRange: String?) async throws {
        try await TestGateway.with { gateway in
            let path = try await Self.derived(gateway)
            let answer = try await gateway.send("GET", path, token: "", headers: [("Range", range)])
            #expect(answer.status == status)
            #expect(answer.header("content-range") == contentRange)
            if let body { #expect(String(decoding: answer.bytes, as: UTF8.self) == body) }
            if status == 416 { #expect(answer.code == "rangeNotSatisfiable") }
        }
    }

    @Test func honoursConditions() async throws {
        try await TestGateway.with { gateway in
            let path = try await Self.derived(gateway)
            let first = try await gateway.send("GET", path, token: "")
            let etag = try #require(first.header("etag"))
            let date = try #require(first.header("last-modified"))
            func status(_ headers: [(String, String)]) async throws -> Int {
                let answer = try await gateway.send("GET", path, token: "", headers: headers)
                if answer.status == 304 {
                    #expect(answer.bytes.isEmpty)
                    #expect(answer.header("etag") == etag)
                    #expect(answer.header("cache-control") == first.header("cache-control"))
                }
                return answer.status
            }
            #expect(try await status([("If-None-Match", etag)]) == 304)
            #expect(try await status([("If-None-Match", "\"x\", W/\(etag)")]) == 304)
            #expect(try await status([("If-None-Match", "*")]) == 304)
            #expect(try await status([("If-None-Match", "\"x\"")]) == 200)
            #expect(try await status([("If-Modified-Since", date)]) == 304)
            #expect(try await status([("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")]) == 200)
            #expect(try await status([("If-None-Match", "\"x\""), ("If-Modified-Since", date)]) == 200)
            #expect(try await status([("Range", "bytes=0-1"), ("If-Range", etag)]) == 206)
            #expect(try await status([("Range", "bytes=0-1"), ("If-Range", date)]) == 206)
            #expect(try await status([("Range", "bytes=0-1"), ("If-Range", "\"x\"")]) == 200)
        }
    }

    @Test func streamsLargeObjects() async throws {
        try await TestGateway.with { gateway in
            let bytes = (0..<(9 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
            let upload = try await gateway.uploaded(bytes)
            let answer = try await gateway.send("GET", "/files/\(upload["key"].text)")
            #expect(answer.bytes == bytes)
            let tail = try await gateway.send("GET", "/files/\(upload["key"].text)", headers: [("Range", "bytes=-3000001")])
            #expect(tail.bytes == Array(bytes.suffix(3_000_001)))
        }
    }

    @Test func leavesTheBytesToNginx() async throws {
        try await TestGateway.with(["MILLRACE_ACCEL": "/_store"]) { gateway in
            let path = try await Self.derived(gateway)
            let answer = try await gateway.send("GET", path, token: "", headers: [("Range", "bytes=0-1")])
            #expect(answer.status == 200)
            #expect(answer.bytes.isEmpty)
            #expect(answer.header("x-accel-redirect") == "/_store" + path.dropFirst("/files".count))
            #expect(answer.header("content-type") == "image/webp")
            #expect(answer.header("cache-control") == "public, max-age=31536000, immutable")
            let etag = try #require(answer.header("etag"))
            let fresh = try await gateway.send("GET", path, token: "", headers: [("If-None-Match", etag)])
            #expect(fresh.status == 304)
            #expect(fresh.header("x-accel-redirect") == nil)
            let original = try await gateway.uploaded()["key"].text
            #expect(try await gateway.send("GET", "/files/\(original)", token: "").header("x-accel-redirect") == nil)
            #expect(try await gateway.send("GET", "/files/\(original)").header("x-accel-redirect") == "/_store/\(original)")
        }
    }
}
