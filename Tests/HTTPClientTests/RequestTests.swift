import HTTPClient
import TestSupport
import Testing

@Suite struct RequestTests {
    let client = HTTPClient()

    /// Echoes the request's head as the body of its answer.
    private func echo() throws -> RawServer {
        try RawServer { connection in
            while let head = connection.readHead() { connection.answer(headers: "X-Two: a\r\nx-two:  b \r\n", body: head) }
        }
    }

    @Test func sendsMethodHeadersAndAgent() async throws {
        let server = try echo()
        let response = try await client.send(.init("DELETE", server.url("/a?b=c"), headers: [("X-Test", "é"), ("X-Empty", "")]))
        let head = String(decoding: response.body, as: UTF8.self)
        #expect(response.status == 200)
        #expect(head.hasPrefix("DELETE /a?b=c HTTP/1.1\r\n"))
        #expect(head.contains("X-Test: é\r\n"))
        #expect(head.contains("X-Empty:\r\n"))
        #expect(head.contains("User-Agent: Millrace/1\r\n"))
        #expect(response.headers.filter { $0.name == "x-two" }.map(\.value) == ["a", "b"])
    }

    @Test(arguments: ["POST", "PUT", "PATCH"]) func anEmptyBodyHasALength(method: String) async throws {
        let server = try echo()
        let response = try await client.send(.init(method, server.url()))
        let head = String(decoding: response.body, as: UTF8.self)
        #expect(head.contains("Content-Length: 0\r\n"))
        #expect(!head.contains("Expect"))
    }

    @Test func headHasNoBody() async throws {
        let server = try RawServer { connection in
            while connection.readHead() != nil { connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n") }
        }
        let response = try await client.send(.init("HEAD", server.url()))
        #expect(response.header("content-length") == "5000")
        #expect(response.body.isEmpty)
    }

    @Test func aConnectionIsUsedAgain() async throws {
        let server = try echo()
        for _ in 0..<5 { _ = try await client.send(.init("GET", server.url())) }
        #expect(server.connections == 1)
    }

    @Test func manyAtOnceOverFewConnections() async throws {
        let server = try echo()
        var options = HTTPClientOptions()
        options.maxConnections = 4
        let client = HTTPClient(options)
        let bodies = try await withThrowingTaskGroup(of: String.self) { tasks in
            for index in 0..<100 {
                tasks.addTask {
                    String(decoding: try await client.send(.init("GET", server.url("/\(index)"))).body, as: UTF8.self)
                }
            }
            return try await tasks.reduce(into: Set<String>()) { $0.insert(String($1.prefix { $0 != "\r\n" })) }
        }
        #expect(bodies == Set((0..<100).map { "GET /\($0) HTTP/1.1" }))
        #expect(server.connections <= 4)
    }

    @Test(arguments: [
        HTTPClient.Request("GET", "http://127.0.0.1:1/", headers: [("X-A", "b\r\nX-Evil: 1")]),
        HTTPClient.Request("GET", "http://127.0.0.1:1/", headers: [("X-A", "b\0")]),
        HTTPClient.Request("GET", "http://127.0.0.1:1/", headers: [("X-A: b\r\nX-Evil", "1")]),
        HTTPClient.Request("GET", "http://127.0.0.1:1/", headers: [("", "1")]),
        HTTPClient.Request("GET / HTTP/1.1\r\n", "http://127.0.0.1:1/"),
        HTTPClient.Request("GET", "http://127.0.0.1:1/ HTTP/1.1\r\nX-Evil: 1"),
        HTTPClient.Request("GET", ""),
        HTTPClient.Request("GET", "http://"),
        HTTPClient.Request("GET", "file:///etc/passwd"),
        HTTPClient.Request("GET", "ftp://127.0.0.1/"),
        HTTPClient.Request("PUT", "http://127.0.0.1:1/", body: .file(path: "/nonexistent", offset: 0, length: 1)),
    ])
    func refusesWhatCannotBeSent(request: HTTPClient.Request) async throws {
        let error = await #expect(throws: HTTPClientError.self) { try await client.send(request) }
        #expect(error?.code == .invalidRequest)
    }
}
