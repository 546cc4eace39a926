import HTTPClient
import Testing

@Suite struct CrossOriginTests {
    private static let origin = ("Origin", "https://app.example")

    @Test func letsEveryOriginUploadAndRead() async throws {
        try await TestGateway.with { gateway in
            let url = try await gateway.presign(TestGateway.file()).json["url"].text
            let preflight = try await gateway.send(
                "OPTIONS", url, token: "",
                headers: [
                    Self.origin, ("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "content-type"),
                ])
            #expect(preflight.status == 204)
            #expect(preflight.header("access-control-allow-origin") == "*")
            #expect(preflight.header("access-control-allow-methods")?.contains("PUT") == true)
            #expect(preflight.header("access-control-allow-headers")?.contains("Content-Type") == true)
            let put = try await gateway.send(
                "PUT", url, token: "", headers: [Self.origin, ("Content-Type", "image/jpeg")], body: .bytes(Array("hello".utf8)))
            #expect(put.status == 200)
            #expect(put.header("access-control-allow-origin") == "*")
            #expect(put.header("access-control-expose-headers")?.contains("ETag") == true)
            let refused = try await gateway.send(
                "PUT", url + "0", token: "", headers: [Self.origin, ("Content-Type", "image/jpeg")], body: .bytes([1]))
            #expect(refused.status == 403)
            #expect(refused.header("access-control-allow-origin") == "*")
            let again = try await gateway.send(
                "PUT", url, token: "", headers: [Self.origin, ("Content-Type", "image/jpeg")], body: .bytes(Array("hello".utf8)))
            #expect(again.status == 409)
            #expect(again.header("access-control-allow-origin") == "*")
        }
    }

    @Test func letsOnlyNamedOriginsIn() async throws {
        try await TestGateway.with(["MILLRACE_CORS_ORIGINS": "https://app.example,https://b.example"]) { gateway in
            let named = try await gateway.send("OPTIONS", "/files/x", token: "", headers: [Self.origin])
            #expect(named.header("access-control-allow-origin") == "https://app.example")
            #expect(named.header("vary") == "Origin")
            let other = try await gateway.send("OPTIONS", "/files/x", token: "", headers: [("Origin", "https://evil.example")])
            #expect(other.header("access-control-allow-origin") == nil)
            #expect(other.header("access-control-allow-methods") == nil)
        }
    }

    @Test func keepsTheAPIToItsOwnOrigin() async throws {
        try await TestGateway.with { gateway in
            let answer = try await gateway.send("GET", "/api/v2/media?projectId=demo", headers: [Self.origin])
            #expect(answer.status == 200)
            #expect(answer.header("access-control-allow-origin") == nil)
        }
    }
}
