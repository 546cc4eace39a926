import Glibc
import HTTPClient
import TestSupport
import Testing

@Suite struct ResponseTests {
    let client = HTTPClient()

    private func code(_ request: HTTPClient.Request) async -> HTTPClientError.Code? {
        do throws(HTTPClientError) { _ = try await client.send(request) } catch { return error.code }
        return nil
    }

    @Test func errorStatusesAreResponses() async throws {
        let server = try RawServer { connection in
            while connection.readHead() != nil { connection.answer("503 Busy", headers: "Retry-After: 7\r\n", body: "later") }
        }
        let response = try await client.send(.init("GET", server.url()))
        #expect(response.status == 503)
        #expect(response.header("retry-after") == "7")
        #expect(response.body == Array("later".utf8))
    }

    @Test func redirectsAreNotFollowed() async throws {
        let server = try RawServer { connection in
            while connection.readHead() != nil { connection.answer("302 Found", headers: "Location: /elsewhere\r\n") }
        }
        #expect(try await client.send(.init("GET", server.url())).status == 302)
        #expect(server.connections == 1)
    }

    @Test func interimResponsesAreSkipped() async throws {
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
            connection.answer(body: "ok")
        }
        let response = try await client.send(.init("GET", server.url()))
        #expect(response.status == 200)
        #expect(response.header("link") == nil)
    }

    @Test(arguments: [true, false]) func aBodyOverTheLimitIsRefused(isDeclared: Bool) async throws {
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write(
                "HTTP/1.1 200 OK\r\n" + (isDeclared ? "Content-Length: 100000\r\n" : "Connection: close\r\n") + "\r\n")
            while connection.write([UInt8](repeating: 65, count: 1000)) {}
        }
        #expect(await code(.init("GET", server.url(), maxResponseBytes: 4000)) == .tooLarge)
    }

    @Test func aBodyOfExactlyTheLimitIsFine() async throws {
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.answer(body: String(repeating: "x", count: 4000))
        }
        #expect(try await client.send(.init("GET", server.url(), maxResponseBytes: 4000)).body.count == 4000)
    }

    @Test func anEndlessHeadIsRefused() async throws {
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\n")
            while connection.write("X-Filler: \(String(repeating: "y", count: 1000))\r\n") {}
        }
        #expect(await code(.init("GET", server.url())) == .tooLarge)
    }

    @Test func aSilentServerTimesOut() async throws {
        let server = try RawServer { connection in while connection.readHead() != nil {} }
        for request in [
            HTTPClient.Request("GET", server.url(), timeout: .milliseconds(150)),
            HTTPClient.Request("GET", server.url(), timeout: nil, idleTimeout: .seconds(1)),
        ] {
            let error = await #expect(throws: HTTPClientError.self) { try await client.send(request) }
            #expect(error?.code == .timeout, "\(String(describing: error))")
        }
    }

    @Test func nobodyThereIsAConnectError() async throws {
        let server = try RawServer { _ in }
        server.stop()
        #expect(await code(.init("GET", server.url())) == .connect)
        #expect(await code(.init("GET", "http://no-such-host.invalid/")) == .connect)
    }

    @Test(arguments: ["", "garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"])
    func brokenAnswersAreErrors(answer: String) async throws {
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write(answer)
        }
        #expect(await code(.init("GET", server.url())) == .other)
    }

    @Test func cancellingTheTaskEndsTheExchange() async throws {
        let server = try RawServer { connection in while connection.readHead() != nil {} }
        let task = Task { await code(.init("GET", server.url(), timeout: nil)) }
        try await eventually("it is connected") { server.connections > 0 }
        task.cancel()
        #expect(await task.value == .cancelled)
    }

    @Test func closingEndsEveryExchange() async throws {
        let server = try RawServer { connection in while connection.readHead() != nil {} }
        async let pending = code(.init("GET", server.url(), timeout: nil))
        try await eventually("it is connected") { server.connections > 0 }
        await client.close()
        #expect(await pending == .cancelled)
        #expect(await code(.init("GET", server.url())) == .cancelled)
        await client.close()
    }

    @Test func anExistingProxyIsIgnored() async throws {
        setenv("http_proxy", "http://127.0.0.1:1", 1)
        defer { unsetenv("http_proxy") }
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.answer()
        }
        #expect(try await client.send(.init("GET", server.url())).status == 200)
    }
}
