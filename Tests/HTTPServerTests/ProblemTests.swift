import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Testing

@testable import HTTPServer

private struct Secretive: Error, CustomStringConvertible { let description = "password=hunter2" }
private struct Away: Error {}

/// Every error that can leave the server is a problem with the request's id.
@Suite struct ProblemTests {
    private func check(
        _ answer: RawAnswer, _ status: Int, _ code: String, _ place: SourceLocation = #_sourceLocation
    ) throws -> ProblemJSON {
        #expect(answer.status == status, sourceLocation: place)
        #expect(answer["content-type"] == "application/problem+json", sourceLocation: place)
        #expect(answer["content-length"] == "\(answer.body.utf8.count)", sourceLocation: place)
        let problem = try answer.problem()
        #expect(problem.type == "about:blank" && problem.status == status && problem.code == code, sourceLocation: place)
        #expect(!problem.title.isEmpty && !problem.detail.isEmpty, sourceLocation: place)
        #expect(problem.requestId == answer["x-request-id"] && !problem.requestId.isEmpty, sourceLocation: place)
        return problem
    }

    @Test func unknownRoutes() async throws {
        try await withServer { port async throws in
            for path in ["/", "/nothing", "/../../etc/passwd", "/%00", "/" + String(repeating: "a/", count: 2000)] {
                _ = try check(try await ask(port, path: path), 404, "notFound")
            }
        }
    }

    @Test func methodsThatAPathDoesNotHave() async throws {
        try await withServer(routes: { $0.get("thing/:id") { _, _ in "x" }.post("thing/:id") { _, _ in "y" } }) {
            port async throws in
            for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
                let answer = try await ask(port, method, path: "/thing/1")
                _ = try check(answer, 405, "methodNotAllowed")
                #expect(answer["allow"] == "GET, HEAD, POST")
            }
        }
    }

    @Test func headHasNoBody() async throws {
        try await withServer(routes: { $0.get("thing") { _, _ in "12345" } }) { port async throws in
            let found = try await ask(port, "HEAD", path: "/thing")
            #expect(found.status == 200 && found.body.isEmpty && found["content-length"] == "5")
            let missing = try await ask(port, "HEAD", path: "/nothing")
            #expect(missing.status == 404 && missing.body.isEmpty)
        }
    }

    @Test func thrownErrors() async throws {
        let log = try await withServer(
            translating: { $0 is Away ? .unavailable("Away.") : nil },
            routes: { router in
                router.get("problem") { _, _ -> Response in
                    throw Problem(.conflict, code: "taken", detail: "It is taken.", extra: ["field": "name", "limit": 3])
                }
                router.get("hummingbird") { _, _ -> Response in throw HTTPError(.badRequest, message: "no such thing") }
                router.get("unknown") { _, _ -> Response in throw Secretive() }
                router.get("away") { _, _ -> Response in throw Away() }
            }
        ) { port async throws in
            let taken = try check(try await ask(port, path: "/problem"), 409, "taken")
            #expect(taken.field == "name" && taken.limit == 3)
            #expect(try check(try await ask(port, path: "/hummingbird"), 400, "badRequest").detail == "no such thing")
            let unknown = try await ask(port, path: "/unknown")
            _ = try check(unknown, 500, "internal")
            #expect(!unknown.body.contains("hunter2"))
            let away = try await ask(port, path: "/away")
            _ = try check(away, 503, "temporarilyUnavailable")
            #expect(away["retry-after"] == "2")
        }
        let failure = try #require(log.first { $0.level == .error })
        #expect(failure.metadata["error"] == "password=hunter2" && failure.metadata["requestId"] != nil)
    }

    @Test(arguments: [
        "BLAH\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx",
        "\u{16}\u{3}\u{1}\r\n\r\n", "GET / HTTP/1.1\r\nX: \u{0}\r\n\r\n",
        "GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 100_000) + "\r\n\r\n",
    ]) func noHTTP(_ bytes: String) async throws {
        try await withServer { port async throws in
            _ = try check(RawAnswer(try await exchange(port, bytes)), 400, "malformedRequest")
        }
    }

    @Test func aBodyThatIsNoHTTP() async throws {
        try await withServer(routes: {
            $0.post("sum") { request, _ in "\(try await request.body.collect(upTo: 100).readableBytes)" }
        }) { port async throws in
            let head = "POST /sum HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            _ = try check(RawAnswer(try await exchange(port, head + "3\r\nabc\r\n", "nonsense\r\n")), 400, "malformedRequest")
        }
    }
}
