import Events
import Hummingbird
import Testing

@testable import HTTPServer

@Suite struct ParameterTests {
    private func withEcho(_ body: (Int) async throws -> Void) async throws {
        try await withServer(routes: { router in
            router.get("query") { request, _ in
                let query = try QueryParameters(request)
                return "\(try query.require("a"))|\(query["b"] ?? "-")|\(try query.int("n", default: 7, in: 1...100))"
            }
            router.get("name/:name") { _, context in try context.pathParameter("name") }
            router.get("files/**") { request, _ in try request.path(after: "/files/") }
            router.get("media/:mediaId") { _, context in try context.mediaId().rawValue }
        }) { try await body($0) }
    }

    @Test func decoded() async throws {
        try await withEcho { port async throws in
            #expect(try await ask(port, path: "/query?a=x%20y%2Bz+w&b=%C3%A9&n=9").body == "x y+z w|é|9")
            #expect(try await ask(port, path: "/query?a=1=2&&b=").body == "1=2|-|7")
            #expect(try await ask(port, path: "/name/a%2Fb").body == "a/b")
            #expect(try await ask(port, path: "/files/p/q%20r/%2525").body == "p/q r/%25")
        }
    }

    @Test(arguments: [
        ("/query", 422, "invalidField"), ("/query?a=", 422, "invalidField"), ("/query?a=1&n=0", 422, "invalidField"),
        ("/query?a=1&n=x", 422, "invalidField"), ("/query?a=%", 400, "malformedQuery"), ("/query?a=%zz", 400, "malformedQuery"),
        ("/query?a=%ff", 400, "malformedQuery"), ("/query?" + String(repeating: "a=1&", count: 101), 400, "malformedQuery"),
        ("/name/%zz", 404, "notFound"), ("/name/%00", 404, "notFound"), ("/files/a%0ab", 404, "notFound"),
        ("/files/%fe", 404, "notFound"), ("/media/x", 404, "mediaNotFound"),
        ("/media/018F0000-0000-7000-8000-000000000000", 404, "mediaNotFound"),
    ]) func refused(_ path: String, _ status: Int, _ code: String) async throws {
        try await withEcho { port async throws in
            let answer = try await ask(port, path: path)
            #expect(answer.status == status)
            #expect(try answer.problem().code == code)
        }
    }
}
