import Events
import Testing

@Suite struct IdempotencyTests {
    private let key = [("Idempotency-Key", "one")]

    @Test func repeatsTheAnswer() async throws {
        try await TestGateway.with { [key] gateway in
            let body = "[\(TestGateway.file()),\(TestGateway.file(size: 17 << 20))]"
            let first = try await gateway.presign(body, headers: key)
            let second = try await gateway.presign(body.replacing(",", with: " , "), headers: key)
            #expect(first.status == 201)
            #expect(second.status == 201)
            #expect(first.bytes == second.bytes)
            #expect(try await gateway.send("GET", "/api/v2/media?projectId=demo").json["items"].elements.count == 2)
            let media = first.json[0]["mediaId"].text
            #expect(try await gateway.events(on: .mediaStatus, about: media) == 1)
            let other = try await gateway.presign(body, headers: [("Idempotency-Key", "two")])
            #expect(other.json[0]["mediaId"] != first.json[0]["mediaId"])
        }
    }

    @Test func repeatsTheAnswerAfterTheUpload() async throws {
        try await TestGateway.with { [key] gateway in
            let first = try await gateway.presign(TestGateway.file(), headers: key)
            _ = try await gateway.put(first.json["url"].text, Array("hello".utf8))
            let media = first.json["mediaId"].text
            #expect(try await gateway.send("POST", "/api/v2/uploads/\(media)/complete").status == 200)
            #expect(try await gateway.presign(TestGateway.file(), headers: key).bytes == first.bytes)
        }
    }

    @Test func refusesAnotherBody() async throws {
        try await TestGateway.with { [key] gateway in
            #expect(try await gateway.presign(TestGateway.file(size: 1), headers: key).status == 201)
            let answer = try await gateway.presign(TestGateway.file(size: 2), headers: key)
            #expect(answer.status == 422)
            #expect(answer.code == "idempotencyKeyReused")
        }
    }

    @Test func belongsToOneAPIKey() async throws {
        try await TestGateway.with { [key] gateway in
            #expect(try await gateway.presign(TestGateway.file(), headers: key).status == 201)
            let stranger = try await gateway.post(
                "/api/v2/uploads/presign", TestGateway.file(project: "other"), token: gateway.otherToken, headers: key)
            #expect(stranger.status == 201)
        }
    }

    @Test func manyAtOnceAreOne() async throws {
        try await TestGateway.with { [key] gateway in
            let answers = try await withThrowingTaskGroup { group in
                for _ in 0..<20 {
                    group.addTask { try await gateway.presign(TestGateway.file(size: 17 << 20), headers: key) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 201 })
            #expect(Set(answers.map { $0.json["mediaId"].text }).count == 1)
            #expect(Set(answers.map { $0.json["multipart"]["uploadId"].text }).count == 1)
            #expect(try await gateway.send("GET", "/api/v2/media?projectId=demo").json["items"].elements.count == 1)
        }
    }

    @Test(arguments: ["with space", String(repeating: "k", count: 256)])
    func refusesKeys(text: String) async throws {
        try await TestGateway.with { gateway in
            let answer = try await gateway.presign(TestGateway.file(), headers: [("Idempotency-Key", text)])
            #expect(answer.status == 422)
        }
    }
}
