import FoundationEssentials
import Glibc
import HTTPClient
import ObjectStore
import TestSupport
import Testing

@Suite struct ReceiveTests {
    private static let hello = Array("hello".utf8)

    @Test func storesWhatWasDeclared() async throws {
        try await TestGateway.with { gateway in
            let upload = try await gateway.presign(TestGateway.file()).json
            let answer = try await gateway.put(upload["url"].text, Self.hello)
            #expect(answer.status == 200)
            let info = try #require(try await gateway.store.head(upload["key"].text))
            #expect(answer.header("etag") == "\"\(info.etag)\"")
            #expect(info.size == 5)
            #expect(info.contentType == "image/jpeg")
        }
    }

    @Test(
        arguments: [
            ("hell", "image/jpeg", 422, "sizeMismatch"), ("hello!", "image/jpeg", 422, "sizeMismatch"),
            ("", "image/jpeg", 422, "sizeMismatch"), ("hello", "image/png", 415, "wrongContentType"),
            ("hello", nil, 415, "wrongContentType"),
        ] as [(String, String?, Int, String)])
    func refusesOtherBodies(body: String, type: String?, status: Int, code: String) async throws {
        try await TestGateway.with { gateway in
            let upload = try await gateway.presign(TestGateway.file()).json
            let answer = try await gateway.put(upload["url"].text, Array(body.utf8), type: type)
            #expect(answer.status == status)
            #expect(answer.code == code)
            #expect(answer.header("content-type") == "application/problem+json")
            #expect(try gateway.storedFiles().isEmpty)
        }
    }

    @Test func refusesURLsThatItDidNotMakeSo() async throws {
        try await TestGateway.with { gateway in
            let mine = try await gateway.presign(TestGateway.file()).json
            let url = mine["url"].text
            let other = try await gateway.presign(TestGateway.file(name: "b.jpg")).json
            let foreign = FileStore(
                root: gateway.directory.path, signingKey: Array(repeating: 8, count: 32), publicURL: gateway.url)
            let request = PresignRequest(
                .put, key: mine["key"].text, size: 5, contentType: "image/jpeg", lifetime: .seconds(60))
            let base = url.prefix(while: { $0 != "?" })
            let urls = [
                url.replacing("size=5", with: "size=6"), url.replacing("size=5", with: "size=05"),
                url.replacing("expires=", with: "expires=9"), url.replacing("jpeg&", with: "png&"),
                url.replacing("a.jpg", with: "c.jpg"),
                url.replacing(mine["mediaId"].text, with: other["mediaId"].text), url + "0", url + "&size=5",
                String(url.dropLast()), String(base), base + "?", base + "?signature=", base + "?%zz", base + "?signature=%00",
                try await foreign.presign(request).url,
            ]
            for url in urls {
                let answer = try await gateway.put(url, Self.hello)
                #expect([400, 403].contains(answer.status), "\(url)")
                #expect(answer.header("content-type") == "application/problem+json")
            }
            #expect(try gateway.storedFiles().isEmpty)
            #expect(try await gateway.put(url, Self.hello).status == 200)
        }
    }

    @Test func refusesExpiredURLs() async throws {
        try await TestGateway.with(["MILLRACE_UPLOAD_URL_LIFETIME": "1s"]) { gateway in
            let url = try await gateway.presign(TestGateway.file()).json["url"].text
            try await TestGateway.expiry(of: url)
            let answer = try await gateway.put(url, Self.hello)
            #expect(answer.status == 403)
            #expect(answer.code == "urlExpired")
            #expect(try gateway.storedFiles().isEmpty)
        }
    }

    @Test func neverReplacesAnObject() async throws {
        try await TestGateway.with { gateway in
            let upload = try await gateway.uploaded()
            let answer = try await gateway.put(upload["url"].text, Array("HELLO".utf8))
            #expect(answer.status == 409)
            #expect(answer.code == "alreadyExists")
            #expect(try await gateway.send("GET", "/files/\(upload["key"].text)").bytes == Self.hello)
        }
    }

    @Test func wantsALength() async throws {
        try await TestGateway.with { gateway in
            let url = try await gateway.presign(TestGateway.file()).json["url"].text
            let socket = try RawSocket(port: gateway.port)
            socket.send(
                "PUT \(url.dropFirst(gateway.url.count)) HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
            #expect(await socket.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 411 "))
            #expect(try gateway.storedFiles().isEmpty)
        }
    }

    @Test func storesNothingWhenTheClientGoesAway() async throws {
        try await TestGateway.with { gateway in
            let upload = try await gateway.presign(TestGateway.file(size: 1 << 20)).json
            let path = upload["url"].text.dropFirst(gateway.url.count)
            var socket: RawSocket? = try RawSocket(port: gateway.port)
            socket?.send("PUT \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: 1048576\r\n\r\n")
            socket?.send([UInt8](repeating: 1, count: 1 << 19))
            try await eventually("the first half is being written") { try !gateway.storedFiles().isEmpty }
            socket = nil
            try await eventually("nothing is left") { try gateway.storedFiles().isEmpty }
            #expect(try await gateway.store.head(upload["key"].text) == nil)
            let again = try await gateway.put(upload["url"].text, [UInt8](repeating: 1, count: 1 << 20))
            #expect(again.status == 200)
        }
    }

    @Test func asksForTheBodyOnlyWhenItWillTakeIt() async throws {
        try await TestGateway.with { gateway in
            let path = try await gateway.presign(TestGateway.file()).json["url"].text.dropFirst(gateway.url.count)
            let head = "Host: x\r\nContent-Type: image/jpeg\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
            let refused = try RawSocket(port: gateway.port)
            refused.send("PUT \(path)0 HTTP/1.1\r\n" + head)
            #expect(await refused.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 403 "))
            let taken = try RawSocket(port: gateway.port)
            taken.send("PUT \(path) HTTP/1.1\r\n" + head)
            #expect(await taken.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            taken.send("hello")
            #expect(await taken.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func streamsWithConstantMemory() async throws {
        try await TestGateway.with { gateway in
            let size: Int64 = 512 << 20
            let path = gateway.directory.path + "/large"
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            #expect(truncate(path, off_t(size)) == 0)
            let upload = try await gateway.presign(TestGateway.file(size: Int(size), multipart: false)).json
            let before = try Self.peakMemory()
            let answer = try await gateway.send(
                "PUT", upload["url"].text, token: "", headers: [("Content-Type", "image/jpeg")],
                body: .file(path: path, offset: 0, length: size))
            #expect(answer.status == 200)
            #expect(try Self.peakMemory() - before < 100 << 20)
            #expect(try await gateway.store.head(upload["key"].text)?.size == size)
        }
    }

    /// The most memory that this process, client and server in one, has ever held.
    private static func peakMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return (Int(line.filter(\.isNumber)) ?? 0) << 10
    }
}
