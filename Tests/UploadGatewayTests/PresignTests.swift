import Events
import FoundationEssentials
import HTTPClient
import Testing

@Suite struct PresignTests {
    private let mebibyte = TestGateway.mebibyte

    @Test func answersOneFileWithOneURL() async throws {
        try await TestGateway.with { gateway in
            let answer = try await gateway.presign(TestGateway.file(name: "../my photo.jpg"))
            #expect(answer.status == 201)
            let media = answer.json["mediaId"].text
            #expect(MediaID(media) != nil)
            #expect(answer.json["projectId"].text == "demo")
            #expect(answer.json["key"].text == "projects/demo/\(media)/original/my-photo.jpg")
            #expect(answer.json["method"].text == "PUT")
            #expect(answer.json["url"].text.hasPrefix("\(gateway.url)/files/projects/demo/\(media)/original/my-photo.jpg?"))
            #expect(answer.json["headers"]["Content-Type"].text == "image/jpeg")
            #expect(try #require(EventCoding.date(from: answer.json["expiresAt"].text)) > Date())
            #expect(answer.json["multipart"] == .null)
            let status = try await gateway.send("GET", "/api/v2/media/\(media)/status?projectId=demo")
            #expect(status.json["status"].text == "uploading")
            #expect(status.json["revision"].int == 1)
            #expect(status.json["fileName"].text == "../my photo.jpg")
            #expect(try await gateway.events(on: .mediaStatus, about: media) == 1)
            #expect(try await gateway.events(on: .mediaUploaded, about: media) == 0)
        }
    }

    @Test func cutsLargeFilesIntoParts() async throws {
        try await TestGateway.with { [mebibyte] gateway in
            let answer = try await gateway.presign(TestGateway.file(size: 40 * mebibyte + 1))
            #expect(answer.status == 201)
            let parts = answer.json["multipart"]["parts"].elements
            #expect(parts.compactMap { $0["number"].int } == [1, 2, 3])
            #expect(parts.compactMap { $0["size"].int } == [16 * mebibyte, 16 * mebibyte, 8 * mebibyte + 1])
            #expect(answer.json["multipart"]["partSize"].int == 16 * mebibyte)
            #expect(!answer.json["multipart"]["uploadId"].text.isEmpty)
            #expect(answer.json["url"] == .null)
            let small = try await gateway.presign(TestGateway.file(size: 10, multipart: true))
            #expect(small.json["multipart"]["parts"].elements.count == 1)
            let whole = try await gateway.presign(TestGateway.file(size: 40 * mebibyte, multipart: false))
            #expect(whole.json["url"].text.contains("signature="))
        }
    }

    @Test func answersAHundredFilesInOrder() async throws {
        try await TestGateway.with { gateway in
            let files = (0..<100).map { TestGateway.file(name: "photo-\($0).jpg", size: $0 + 1) }
            let answer = try await gateway.presign("[\(files.joined(separator: ","))]")
            #expect(answer.status == 201)
            #expect(answer.json.elements.count == 100)
            #expect(Set(answer.json.elements.map { $0["mediaId"].text }).count == 100)
            for (index, element) in answer.json.elements.enumerated() {
                #expect(element["key"].text.hasSuffix("/original/photo-\(index).jpg"))
            }
            let list = try await gateway.send("GET", "/api/v2/media?projectId=demo&limit=200")
            #expect(list.json["items"].elements.count == 100)
            let tooMany = try await gateway.presign("[\((files + files.prefix(1)).joined(separator: ","))]")
            #expect(tooMany.status == 422)
            #expect(try await gateway.presign("[]").status == 422)
        }
    }

    @Test func keepsNamesOfAllKinds() async throws {
        try await TestGateway.with { gateway in
            for name in ["🦄.png", "../../etc/passwd", "C:\\photos\\ä b.jpg", String(repeating: "x", count: 251) + ".jpg"] {
                let answer = try await gateway.presign(TestGateway.file(name: name))
                #expect(answer.status == 201, "\(name)")
                let key = try #require(MediaKeys.parse(answer.json["key"].text), "\(name)")
                #expect(key.place == .original)
                #expect(try await gateway.put(answer.json["url"].text, Array("hello".utf8)).status == 200)
            }
        }
    }

    private static let good = TestGateway.file()

    @Test(
        arguments: [
            ("not json", 400, "malformedJSON", nil), ("", 400, "malformedJSON", nil), ("{", 400, "malformedJSON", nil),
            ("{}", 422, "invalidField", "projectId"), ("7", 422, "invalidField", nil), ("null", 422, "invalidField", nil),
            (#"{"projectId":"demo","fileName":"a","contentType":"a/b"}"#, 422, "invalidField", "size"),
            (#"{"projectId":"demo","fileName":"a","contentType":"a/b","size":"5"}"#, 422, "invalidField", "size"),
            (#"{"projectId":"demo","fileName":"a","contentType":"a/b","size":1.5}"#, 422, "invalidField", "size"),
            (#"{"projectId":"demo","fileName":"a","contentType":"a/b","size":1e99}"#, 422, "invalidField", "size"),
            (#"{"projectId":"demo","fileName":null,"contentType":"a/b","size":5}"#, 422, "invalidField", "fileName"),
            (
                #"{"projectId":"demo","fileName":"a","contentType":"a/b","size":5,"multipart":"x"}"#, 422, "invalidField",
                "multipart"
            ),
            ("[\(good),{}]", 422, "invalidField", "[1].projectId"), ("[\(good),7]", 422, "invalidField", "[1]"),
            ("[\(good),\(TestGateway.file(size: 0))]", 422, "invalidSize", "[1].size"),
            (TestGateway.file(size: -1), 422, "invalidSize", "size"),
            (TestGateway.file(size: (5 << 30) + 1), 413, "tooLarge", "size"),
            (TestGateway.file(name: ""), 422, "invalidFileName", "fileName"),
            (TestGateway.file(name: "a\0b"), 422, "invalidFileName", "fileName"),
            (TestGateway.file(name: String(repeating: "n", count: 300)), 422, "invalidFileName", "fileName"),
            ("[\(good),\(TestGateway.file(name: "a\nb"))]", 422, "invalidFileName", "[1].fileName"),
            (TestGateway.file(type: "jpeg"), 422, "invalidContentType", "contentType"),
            (TestGateway.file(project: "other"), 403, "forbiddenProject", nil),
            (TestGateway.file(project: "nobody"), 403, "forbiddenProject", nil),
            (TestGateway.file(project: "../x"), 422, nil, nil),
        ] as [(String, Int, String?, String?)])
    func refuses(body: String, status: Int, code: String?, field: String?) async throws {
        try await TestGateway.with { gateway in
            let answer = try await gateway.presign(body)
            #expect(answer.status == status)
            #expect(answer.header("content-type") == "application/problem+json")
            #expect(!answer.json["requestId"].text.isEmpty)
            if let code { #expect(answer.code == code) }
            if let field { #expect(answer.json["field"].text == field) }
            #expect(try await gateway.send("GET", "/api/v2/media?projectId=demo").json["items"].elements.isEmpty)
            #expect(try gateway.storedFiles().isEmpty)
        }
    }

    @Test func refusesBodiesThatAreTooLargeOrOfAnotherType() async throws {
        try await TestGateway.with { gateway in
            let answer = try await gateway.presign(String(repeating: " ", count: 10_000_000) + TestGateway.file())
            #expect(answer.status == 413)
            #expect(answer.code == "payloadTooLarge")
            let deep = try await gateway.presign(String(repeating: "[", count: 500_000))
            #expect(deep.status == 400)
            let form = try await gateway.send(
                "POST", "/api/v2/uploads/presign", headers: [("Content-Type", "text/plain")],
                body: .bytes(Array(TestGateway.file().utf8)))
            #expect(form.status == 415)
            #expect(try await gateway.presign(TestGateway.file()).status == 201)
        }
    }

    @Test(arguments: ["", "mr_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "x", "mr__", "mr_zz_é"])
    func refusesStrangers(token: String) async throws {
        try await TestGateway.with { gateway in
            let media = MediaID.generate()
            for (method, path) in [
                ("POST", "/api/v2/uploads/presign"), ("POST", "/api/v2/uploads/\(media)/complete"),
                ("GET", "/api/v2/uploads/\(media)/parts"), ("DELETE", "/api/v2/uploads/\(media)"),
                ("GET", "/api/v2/media/\(media)"), ("GET", "/api/v2/media/\(media)/status?projectId=demo"),
                ("GET", "/api/v2/media?projectId=demo"),
            ] {
                let answer = try await gateway.send(
                    method, path, token: token, headers: [("Content-Type", "application/json")],
                    body: method == "POST" ? .bytes(Array(TestGateway.file().utf8)) : .none)
                #expect(answer.status == 401, "\(method) \(path)")
                #expect(answer.header("www-authenticate")?.hasPrefix("Bearer") == true)
                #expect(answer.header("content-type") == "application/problem+json")
            }
        }
    }
}
