import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import HTTPServer

private struct Order: Codable {
    struct Item: Codable { let name: String, count: Int }
    let items: [Item]
    let note: String?
}

@Suite struct BodyTests {
    private func post(_ port: Int, _ body: String, type: String = "application/json") async throws -> RawAnswer {
        try await ask(port, "POST", path: "/orders", headers: ["Content-Type: \(type)"], body: body)
    }

    private func withOrders(_ body: (Int) async throws -> Void) async throws {
        try await withServer(routes: { router in
            router.post("orders") { request, _ in
                try jsonResponse(try await jsonBody(Order.self, request, limit: 200), .created)
            }
        }) { try await body($0) }
    }

    @Test func aGoodOne() async throws {
        try await withOrders { port async throws in
            let answer = try await post(
                port, #"{"items":[{"name":"a/b","count":1}],"unknown":[]}"#, type: "application/json; charset=utf-8")
            #expect(answer.status == 201 && answer["content-type"] == "application/json")
            #expect(answer.body == #"{"items":[{"count":1,"name":"a/b"}]}"#)
        }
    }

    @Test(arguments: [
        (#"{"items":[{"name":"a"}]}"#, "items[0].count"), (#"{}"#, "items"), (#"{"items":null}"#, "items"),
        (#"{"items":[{"name":1,"count":1}]}"#, "items[0].name"), (#"{"items":{}}"#, "items"),
        (#"{"items":[{"name":"a","count":1.5}]}"#, "body"),
        (#"{"items":[{"name":"a","count":99999999999999999999}]}"#, "body"), (#"[]"#, "body"), (#""x""#, "body"),
    ]) func theFieldThatIsWrong(_ body: String, _ field: String) async throws {
        try await withOrders { port async throws in
            let answer = try await post(port, body)
            #expect(answer.status == 422)
            let problem = try answer.problem()
            #expect(problem.code == "invalidField" && problem.field == field, "\(problem)")
        }
    }

    @Test(arguments: ["", "{", "{\"items\":[}", "nonsense", "\u{0}", String(repeating: "[", count: 150)])
    func noJSON(_ body: String) async throws {
        try await withOrders { port async throws in
            let answer = try await post(port, body)
            #expect(answer.status == 400)
            #expect(try answer.problem().code == "malformedJSON")
        }
    }

    @Test(arguments: ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
    func anotherContentType(_ type: String) async throws {
        try await withOrders { port async throws in
            let answer = try await post(port, "{}", type: type)
            #expect(answer.status == 415)
            #expect(try answer.problem().code == "unsupportedContentType")
        }
    }

    @Test func tooLarge() async throws {
        try await withOrders { port async throws in
            let declared = try await post(port, "\"" + String(repeating: "a", count: 300) + "\"")
            #expect(declared.status == 413)
            #expect(try declared.problem().code == "payloadTooLarge")
            #expect(try declared.problem().limit == 200)
            let chunk = "64\r\n" + String(repeating: "a", count: 100) + "\r\n"
            let head = "POST /orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
            let chunked = try await exchange(
                port, head + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk + chunk + "0\r\n\r\n")
            #expect(RawAnswer(chunked).status == 413)
        }
    }

    /// 64 MB go through a handler that keeps none of them: the server must not either.
    @Test func bodiesStream() async throws {
        try await withServer(routes: { router in
            router.put("count") { request, _ in
                var (bytes, largest) = (0, 0)
                for try await part in request.body {
                    bytes += part.readableBytes
                    largest = max(largest, part.readableBytes)
                }
                return "\(bytes) \(largest < 4 << 20)"
            }
        }) { port async throws in
            let answer = try await ask(port, "PUT", path: "/count", body: String(repeating: "x", count: 64 << 20))
            #expect(answer.body == "\(64 << 20) true")
        }
    }
}
