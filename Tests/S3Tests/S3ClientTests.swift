import FoundationEssentials
import HTTPClient
import S3
import TestSupport
import Testing

/// On a real server that verifies every signature.
@Suite(.enabled(if: RGWServer.canRun)) struct S3ClientTests {
    /// What no key of Millrace's may be, but objects of others are.
    static let keys = [
        "a b", "a+b", "100%", "%2F", "a//b", "/a", "a/", "../a", "a/../b", "./a", "a/.", "dot.", "...", "é", "e\u{301}", "日本/😀",
        "a\tb", "a\nb",
        "a\u{7F}b", "a\u{1}b", "<&>\"'", "&amp;\u{301}", "?a=b&c#d", "~!@$*()_-=;:,.|\\^{}[]`",
        String(repeating: "é", count: 512),
        String(repeating: "x", count: 1024),
    ]

    @Test("keys with every awkward character, by path and by virtual host", arguments: ["path", "virtual"])
    func awkwardKeys(_ style: String) async throws {
        let server = try await RGWServer.shared()
        let client = try await server.bucket("?style=\(style)&endpoint=http://localhost:\(server.port)")
        for (number, key) in Self.keys.enumerated() {
            let put = try await client.put(key, Array("\(number)".utf8), contentType: "text/plain")
            #expect(try await client.head(key)?.etag == put.etag, "\(key.debugDescription)")
            #expect(try await read(client, key) == "\(number)")
            let url = try await client.presign("GET", key, lifetime: .seconds(60)).url
            #expect(try await HTTPClient().send(HTTPClient.Request("GET", url)).body == Array("\(number)".utf8), "\(url)")
        }
        let listed = try await client.list(prefix: "").objects.map { Array($0.key.utf8) }
        let sorted = Self.keys.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(listed == sorted)
        // XML cannot hold some of them: those go one by one.
        let (plain, special) = Self.keys.reduce(into: ([String](), [String]())) { lists, key in
            if key.utf8.contains(where: { $0 < 32 }) { lists.1.append(key) } else { lists.0.append(key) }
        }
        #expect(try await client.delete(plain).isEmpty)
        for key in special { try await client.delete(key) }
        #expect(try await client.list(prefix: "").objects.isEmpty)
    }

    @Test("delimiter, continuation and start")
    func listing() async throws {
        let client = try await RGWServer.shared().bucket()
        for key in ["a", "b/1", "b/2", "c d/x", "d", "é/1"] { _ = try await client.put(key, [], contentType: "text/plain") }
        let page = try await client.list(prefix: "", delimiter: "/")
        #expect(page.objects.map(\.key) == ["a", "d"] && page.prefixes == ["b/", "c d/", "é/"] && page.continuation == nil)
        #expect(try await client.list(prefix: "", startAfter: "b/1", limit: 2).objects.map(\.key) == ["b/2", "c d/x"])
        var keys: [String] = []
        var next: String?
        repeat {
            let page = try await client.list(prefix: "", continuation: next, limit: 1)
            keys += page.objects.map(\.key)
            next = page.continuation
        } while next != nil
        #expect(keys == ["a", "b/1", "b/2", "c d/x", "d", "é/1"])
    }

    @Test("conditions, copies and storage classes")
    func conditions() async throws {
        let client = try await RGWServer.shared().bucket()
        let first = try await client.put("a +b", Array("one".utf8), contentType: "text/html", onlyIfAbsent: true)
        await #expect { _ = try await client.put("a +b", [], contentType: "text/plain", onlyIfAbsent: true) } throws: {
            ($0 as? S3Error)?.status == 412
        }
        await #expect { _ = try await client.get("a +b", ifMatch: "other") } throws: { ($0 as? S3Error)?.status == 412 }
        try await client.copy("a +b", to: "c/é", storageClass: "COLD")
        let copy = try #require(try await client.head("c/é"))
        #expect(copy.etag == first.etag && copy.contentType == "text/html" && copy.storageClass == "COLD")
        #expect(try await client.list(prefix: "").objects.map(\.storageClass) == ["", "COLD"])
        await #expect { try await client.copy("nothing", to: "x") } throws: { ($0 as? S3Error)?.code == "NoSuchKey" }
    }

    @Test("many parts are listed over pages")
    func manyParts() async throws {
        let client = try await RGWServer.shared().bucket()
        let id = try await client.createMultipart("a", contentType: "text/plain")
        let http = HTTPClient()
        for number in 1...3 {
            let query = [(name: "partNumber", value: "\(number * 400)"), (name: "uploadId", value: id)]
            let url = try await client.presign("PUT", "a", query: query, lifetime: .seconds(60)).url
            #expect(try await http.send(HTTPClient.Request("PUT", url, body: .bytes([UInt8(number)]))).status == 200)
        }
        #expect(try await client.parts(of: id, key: "a", pageSize: 1).map(\.number) == [400, 800, 1200])
        try await client.abortMultipart("a", id: id)
        #expect(try await client.uploads(prefix: "").isEmpty)
    }

    @Test("wrong keys are refused, and say so without telling the secret")
    func wrongKeys() async throws {
        let server = try await RGWServer.shared()
        var environment = server.environment
        environment["AWS_SECRET_ACCESS_KEY"] = "not-the-secret"
        let client = try S3Client(S3Location("s3://some-bucket", environment: environment), environment: environment)
        await #expect { _ = try await client.list(prefix: "") } throws: {
            ($0 as? S3Error)?.code == "SignatureDoesNotMatch" && !"\($0)".contains("not-the-secret")
        }
    }

    private func read(_ client: S3Client, _ key: String) async throws -> String {
        let content = try await client.get(key)
        var bytes: [UInt8] = []
        while let chunk = try await content.download.next() { bytes += chunk }
        return String(decoding: bytes, as: UTF8.self)
    }
}
