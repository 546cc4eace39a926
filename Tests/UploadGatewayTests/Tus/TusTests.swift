import Catalog
import Crypto
import Events
import FoundationEssentials
import HTTPClient
import Logging
import NIOCore
import ObjectStore
import TestSupport
import Testing

@testable import UploadGateway

@Suite(.timeLimit(.minutes(3))) struct TusTests {
    @Test func itSaysWhatItCan() async throws {
        try await TestGateway.with { gateway in
            for path in ["/api/v2/tus", "/api/v2/tus/x"] {
                let answer = try await gateway.send("OPTIONS", path, token: "", headers: [("Origin", "https://app.example")])
                #expect(answer.status == 204)
                #expect(answer.header("tus-resumable") == "1.0.0" && answer.header("tus-version") == "1.0.0")
                #expect(answer.header("tus-extension")?.contains("concatenation") == true)
                #expect(answer.header("tus-max-size") == "5368709120")
                #expect(answer.header("tus-checksum-algorithm")?.contains("sha1") == true)
                #expect(answer.header("access-control-allow-methods")?.contains("PATCH") == true)
                #expect(answer.header("access-control-expose-headers")?.contains("Upload-Offset") == true)
            }
        }
    }

    @Test(arguments: [1, 5, (8 << 20) - 1, 8 << 20, (8 << 20) + 1, (20 << 20) + 3])
    func aFileOfAnySizeArrives(_ size: Int) async throws {
        try await TestGateway.with { gateway in
            let bytes = TestGateway.bytes(size)
            let url = try await gateway.tusCreate(size, name: "Ünï.jpg")
            #expect(url.hasPrefix(gateway.url + "/api/v2/tus/"))
            let head = try await gateway.tus("HEAD", url)
            #expect(head.status == 200 && head.header("upload-offset") == "0" && head.header("upload-length") == "\(size)")
            #expect(head.header("cache-control") == "no-store" && head.header("upload-expires")?.hasSuffix("GMT") == true)
            #expect(head.header("upload-metadata")?.contains("filename \(Data("Ünï.jpg".utf8).base64EncodedString())") == true)
            let answer = try await gateway.tusPatch(url, at: 0, bytes)
            #expect(answer.status == 204 && answer.header("upload-offset") == "\(size)" && answer.bytes.isEmpty)
            let media = TestGateway.media(url)
            #expect(try await gateway.original(media) == bytes)
            #expect(try await gateway.events(on: .mediaUploaded, about: media) == 1)
            #expect(try await gateway.tusOffset(url) == size, "also when it is complete")
            #expect(try await gateway.tusPatch(url, at: size, []).status == 409)
            #expect(try await gateway.events(on: .mediaUploaded, about: media) == 1)
            #expect(try gateway.storedFiles().count == 1, "nothing else is left")
        }
    }

    @Test func chunksOfEverySizeMakeTheFile() async throws {
        try await TestGateway.with { gateway in
            let bytes = TestGateway.bytes((17 << 20) + 11)
            let url = try await gateway.tusCreate(bytes.count)
            var offset = 0
            for step in [1, 10, 5 << 20, 3 << 20, 1, (8 << 20) - 3, bytes.count] {
                let end = min(bytes.count, offset + step)
                let answer = try await gateway.tusPatch(url, at: offset, Array(bytes[offset..<end]))
                #expect(answer.status == 204 && answer.header("upload-offset") == "\(end)")
                offset = end
                #expect(try await gateway.tusOffset(url) == offset)
            }
            #expect(offset == bytes.count)
            #expect(try await gateway.original(TestGateway.media(url)) == bytes)
            #expect(try gateway.storedFiles().count == 1)
        }
    }

    /// The connection breaks in the middle of a chunk, at several places of a part.
    @Test func whatCameBeforeTheConnectionBrokeIsKept() async throws {
        try await TestGateway.with { gateway in
            let bytes = TestGateway.bytes((10 << 20) + 5)
            let url = try await gateway.tusCreate(bytes.count)
            var offset = 0
            for end in [100_000, (8 << 20) + 70_000, (9 << 20) + 1] {
                let socket = try RawSocket(port: gateway.port)
                socket.send(
                    """
                    PATCH /api/v2/tus/\(TestGateway.media(url)) HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\n\
                    Authorization: Bearer \(gateway.token)\r\nUpload-Offset: \(offset)\r\n\
                    Content-Type: application/offset+octet-stream\r\nContent-Length: \(bytes.count - offset)\r\n\r\n
                    """)
                socket.send(Array(bytes[offset..<end]))
                socket.end()
                try await eventually("what was sent is kept") { try await gateway.tusOffset(url) == end }
                offset = end
            }
            #expect(try await gateway.tusPatch(url, at: offset, Array(bytes[offset...])).status == 204)
            #expect(try await gateway.original(TestGateway.media(url)) == bytes)
        }
    }

    @Test func creationMayBringTheBytes() async throws {
        try await TestGateway.with { gateway in
            let headers = [("Upload-Length", "5"), TestGateway.tusMetadata("a.jpg"), TestGateway.tusType]
            let part = try await gateway.tus("POST", "/api/v2/tus", headers, Array("hel".utf8))
            #expect(part.status == 201 && part.header("upload-offset") == "3")
            let url = try #require(part.header("location"))
            #expect(try await gateway.tusPatch(url, at: 3, Array("lo".utf8)).status == 204)
            #expect(try await gateway.original(TestGateway.media(url)) == Array("hello".utf8))
            let whole = try await gateway.tus("POST", "/api/v2/tus", headers, Array("hello".utf8))
            #expect(whole.status == 201 && whole.header("upload-offset") == "5")
        }
    }

    /// As after a last part that the store refused, and after a bus that was away when all was there.
    @Test(arguments: [true, false]) func whoAsksForAnUploadWithAllItsBytesCompletesIt(_ isTail: Bool) async throws {
        try await TestGateway.with { gateway in
            let bytes = TestGateway.bytes((8 << 20) + 5)
            let url = try await gateway.tusCreate(bytes.count)
            #expect(try await gateway.tusPatch(url, at: 0, Array(bytes[..<(8 << 20)])).status == 204)
            let id = try #require(MediaID(TestGateway.media(url)))
            let rest = ByteBuffer(bytes: Array(bytes[(8 << 20)...]))
            if isTail {
                try await TusTails(store: gateway.store).write(id, part: 2, rest)
            } else {
                guard case .inFlight(let record)? = try await gateway.catalog.entry(id)?.entry else {
                    Issue.record("no record")
                    return
                }
                let uploadId = try #require(record.upload).uploadId
                _ = try await gateway.store.putPart(2, of: uploadId, key: record.key, rest)
            }
            #expect(try await gateway.tusOffset(url) == bytes.count)
            #expect(try await gateway.original(id.rawValue) == bytes)
            #expect(try await gateway.events(on: .mediaUploaded, about: id.rawValue) == 1)
            #expect(try gateway.storedFiles().count == 1, "nothing else is left")
        }
    }

    @Test func aTailThatFillsItsPartBecomesOne() async throws {
        try await TestGateway.with { gateway in
            let bytes = TestGateway.bytes((8 << 20) + 5)
            let url = try await gateway.tusCreate(bytes.count)
            let id = try #require(MediaID(TestGateway.media(url)))
            let tail = ByteBuffer(bytes: Array(bytes[..<(8 << 20)]))
            try await TusTails(store: gateway.store).write(id, part: 1, tail)
            #expect(try await gateway.tusPatch(url, at: 8 << 20, Array(bytes[(8 << 20)...])).status == 204)
            #expect(try await gateway.original(id.rawValue) == bytes)
        }
    }

    @Test func wrongRequestsChangeNothing() async throws {
        try await TestGateway.with(["MILLRACE_MAX_UPLOAD_BYTES": "1000"]) { gateway in
            let create = { (headers: [(String, String)]) in try await gateway.tus("POST", "/api/v2/tus", headers).status }
            let name = TestGateway.tusMetadata("a.jpg")
            #expect(try await create([name]) == 400, "no length")
            #expect(try await create([name, ("Upload-Length", "-1")]) == 400)
            #expect(try await create([name, ("Upload-Defer-Length", "1")]) == 400)
            #expect(try await create([name, ("Upload-Length", "1001")]) == 413)
            #expect(try await create([("Upload-Metadata", "filename ?"), ("Upload-Length", "1")]) == 400)
            #expect(try await create([name, ("Upload-Length", "1"), ("Upload-Concat", "some")]) == 400)
            let url = try await gateway.tusCreate(10)
            let path = String(url.dropFirst(gateway.url.count))
            let bare = try await gateway.send("HEAD", path)
            #expect(bare.status == 412 && bare.header("tus-version") == "1.0.0" && bare.header("tus-resumable") == "1.0.0")
            let late = try await gateway.tusPatch(url, at: 5, [1])
            #expect(late.status == 409 && late.code == "wrongOffset" && late.header("tus-resumable") == "1.0.0")
            #expect(
                try await gateway.tus("PATCH", url, [("Upload-Offset", "0"), ("Content-Type", "image/jpeg")], [1]).status == 415)
            #expect(try await gateway.tus("PATCH", url, [TestGateway.tusType], [1]).status == 400)
            #expect(try await gateway.tusPatch(url, at: 0, [UInt8](repeating: 1, count: 11)).status == 413)
            #expect(try await gateway.tusOffset(url) == 0)
            #expect(try await gateway.tus("HEAD", "/api/v2/tus/\(MediaID.generate())").status == 404)
        }
    }

    @Test func strangersAreRefused() async throws {
        try await TestGateway.with { gateway in
            let url = try await gateway.tusCreate(5)
            let path = "/api/v2/tus"
            for method in ["HEAD", "PATCH", "DELETE"] {
                let headers = [("Upload-Offset", "0"), TestGateway.tusType]
                let body: [UInt8]? = method == "PATCH" ? [1] : nil
                #expect(try await gateway.tus(method, url, headers, token: gateway.otherToken, body).status == 403)
                #expect(try await gateway.tus(method, url, headers, token: "", body).status == 401)
                #expect(try await gateway.tus(method, url, headers, token: "mr_wrong", body).status == 401)
            }
            let foreign = [("Upload-Length", "5"), TestGateway.tusMetadata("a.jpg", project: "other")]
            #expect(try await gateway.tus("POST", path, foreign).status == 403)
            let piece = try await gateway.tusCreate(5, [("Upload-Concat", "partial")])
            #expect(try await gateway.tus("HEAD", piece, token: gateway.otherToken).status == 403)
            #expect(try await gateway.tusPatch(piece, at: 0, Array("hello".utf8)).status == 204)
            let final = [("Upload-Concat", "final;\(piece)"), TestGateway.tusMetadata("a.jpg")]
            #expect(try await gateway.tus("POST", path, final, token: gateway.otherToken).status == 403)
            #expect(try await gateway.tusOffset(url) == 0)
        }
    }

    @Test(arguments: ["md5", "sha1", "sha256", "sha512"]) func chunksAreCheckedIfAsked(_ algorithm: String) async throws {
        try await TestGateway.with { gateway in
            let url = try await gateway.tusCreate(10)
            let digest: [UInt8] =
                switch algorithm {
                case "md5": Array(Insecure.MD5.hash(data: Array("hello".utf8)))
                case "sha1": Array(Insecure.SHA1.hash(data: Array("hello".utf8)))
                case "sha256": Array(SHA256.hash(data: Array("hello".utf8)))
                default: Array(SHA512.hash(data: Array("hello".utf8)))
                }
            let header = ("Upload-Checksum", "\(algorithm) \(Data(digest).base64EncodedString())")
            let wrong = try await gateway.tusPatch(url, at: 0, Array("hallo".utf8), [header])
            #expect(wrong.status == 460 && wrong.code == "wrongChecksum")
            #expect(try await gateway.tusOffset(url) == 0)
            #expect(
                try await gateway.tusPatch(url, at: 0, Array("hello".utf8), [("Upload-Checksum", "crc32 AAAA")]).status == 400)
            #expect(try await gateway.tusPatch(url, at: 0, Array("hello".utf8), [header]).status == 204)
            #expect(try await gateway.tusOffset(url) == 5)
        }
    }

    @Test func aTerminatedUploadIsGoneWithAllItsBytes() async throws {
        try await TestGateway.with { gateway in
            let url = try await gateway.tusCreate(9 << 20)
            _ = try await gateway.tusPatch(url, at: 0, TestGateway.bytes((8 << 20) + 10))
            #expect(try !gateway.storedFiles().isEmpty)
            #expect(try await gateway.tus("DELETE", url).status == 204)
            #expect(try gateway.storedFiles().isEmpty)
            #expect(try await gateway.tus("HEAD", url).status == 404)
            #expect(try await gateway.tusPatch(url, at: 0, [1]).status == 404)
        }
    }

    @Test func anUploadThatTookTooLongIsGone() async throws {
        try await TestGateway.with { gateway in
            let url = try await gateway.tusCreate(10)
            _ = try await gateway.tusPatch(url, at: 0, [1, 2, 3])
            try await gateway.abandon(TestGateway.media(url))
            #expect(try await gateway.tus("HEAD", url).status == 410)
            #expect(try await gateway.tusPatch(url, at: 3, [4]).status == 410)
            let partials = TusPartials(store: gateway.store, lifetime: .seconds(60))
            let tidier = TusTidier(
                catalog: gateway.catalog, store: gateway.store, partials: partials, logger: Logger(label: "test"))
            #expect(try gateway.storedFiles().contains { $0.contains("system/tus/tails") })
            try await tidier.tidy()
            #expect(try !gateway.storedFiles().contains { $0.contains("system/tus/tails") })
        }
    }

    /// As in two processes: one still holds the beginning of what its client has long sent to the other.
    @Test func nobodyTakesBackWhatAnotherHasBrought() async throws {
        try await TestGateway.with { gateway in
            let bytes = TestGateway.bytes((8 << 20) + 100)
            let url = try await gateway.tusCreate(bytes.count)
            let id = try #require(MediaID(TestGateway.media(url)))
            guard case .inFlight(let record)? = try await gateway.catalog.entry(id)?.entry else {
                Issue.record("no record")
                return
            }
            let start = try await TusPosition.of(Upload(record), gateway.store)
            var slow = try await TusWriter(Upload(record), at: start, gateway.store)
            try await slow.append(ByteBuffer(bytes: bytes[..<1000]))
            #expect(try await gateway.tusPatch(url, at: 0, Array(bytes[..<60_000])).status == 204)
            try await slow.flush()
            #expect(try await gateway.tusOffset(url) == 60_000)
            let end = (8 << 20) + 50
            #expect(try await gateway.tusPatch(url, at: 60_000, Array(bytes[60_000..<end])).status == 204)
            try await slow.append(ByteBuffer(bytes: bytes[1000..<2000]))
            try await slow.flush()
            #expect(try await gateway.tusOffset(url) == end)
            #expect(try await gateway.tusPatch(url, at: end, Array(bytes[end...])).status == 204)
            #expect(try await gateway.original(id.rawValue) == bytes)
            #expect(try gateway.storedFiles().count == 1, "nothing else is left")
        }
    }

    /// A request that hangs while its client has come again must not undo what the new one brings.
    @Test func theLastToComeWrites() async throws {
        try await TestGateway.with { gateway in
            let bytes = TestGateway.bytes(100_000)
            let url = try await gateway.tusCreate(bytes.count)
            let hanging = try RawSocket(port: gateway.port)
            hanging.send(
                """
                PATCH /api/v2/tus/\(TestGateway.media(url)) HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\n\
                Authorization: Bearer \(gateway.token)\r\nUpload-Offset: 0\r\nExpect: 100-continue\r\n\
                Content-Type: application/offset+octet-stream\r\nContent-Length: \(bytes.count)\r\n\r\n
                """)
            #expect(await hanging.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100 "))
            hanging.send(Array(bytes[..<1000]))
            #expect(try await gateway.tusPatch(url, at: 0, Array(bytes[..<60_000])).status == 204)
            hanging.end()
            #expect(try await gateway.tusPatch(url, at: 60_000, Array(bytes[60_000...])).status == 204)
            #expect(try await gateway.original(TestGateway.media(url)) == bytes)
        }
    }
}
