import Events
import FoundationEssentials
import HTTPClient
import TestSupport
import Testing

@testable import UploadGateway

/// The requests that Uppy 5's plug-in AwsS3 makes, in its order and with its headers; written from the plug-in's source.
@Suite(.timeLimit(.minutes(2))) struct CompanionTests {
    private static let base = "/api/v2/uppy/s3"

    @Test func aSmallFileIsSentWithOnePut() async throws {
        try await TestGateway.with { gateway in
            let query = "filename=My+Face.jpg&type=image%2Fjpeg&metadata%5Bname%5D=My+Face.jpg&metadata%5Bsize%5D=5"
            let params = try await gateway.send("GET", "\(Self.base)/params?\(query)", headers: Self.headers)
            #expect(params.status == 200 && params.header("access-control-allow-origin") == "*")
            #expect(params.json["method"].text == "PUT")
            let key = params.json["fields"]["key"].text
            let type = params.json["headers"]["Content-Type"].text
            let put = try await gateway.put(params.json["url"].text, Array("hello".utf8), type: type)
            #expect(put.status == 200 && put.header("etag") != nil)
            #expect(put.header("access-control-expose-headers")?.contains("ETag") == true, "the plug-in reads it")
            let media = try #require(MediaKeys.parse(key)?.keys.mediaId.rawValue)
            #expect(try await gateway.events(on: .mediaUploaded, about: media) == 1, "nothing more is said, and it is complete")
            #expect(try await gateway.original(media) == Array("hello".utf8))
            #expect(try await gateway.send("POST", "/api/v2/uploads/\(media)/complete").status == 200)
            #expect(try await gateway.events(on: .mediaUploaded, about: media) == 1)
        }
    }

    @Test func aLargeFileIsSentInPartsWithAPause() async throws {
        try await TestGateway.with { gateway in
            let bytes = TestGateway.bytes((11 << 20) + 3)
            let (key, id) = try await begin(gateway, bytes.count)
            // The plug-in cuts at 5 MiB by itself.
            for number in [1, 3] { try await send(gateway, key, id, number, bytes) }
            // Resumed after a pause, or in another tab: what is there?
            let listed = try await gateway.send("GET", "\(Self.base)/multipart/\(id)?key=\(key)", headers: Self.headers)
            let numbers = (0..<2).map { listed.json[$0]["PartNumber"].int }
            #expect(listed.status == 200 && numbers == [1, 3] && listed.json[0]["Size"].int == 5 << 20)
            try await send(gateway, key, id, 2, bytes)
            let all = try await gateway.send("GET", "\(Self.base)/multipart/\(id)?key=\(key)", headers: Self.headers).json
            let parts = (0..<3).map { "{\"PartNumber\":\($0 + 1),\"ETag\":\(quoted(all[$0]["ETag"].text))}" }
            let path = "\(Self.base)/multipart/\(id)/complete?key=\(key)"
            for _ in 0..<2 {
                let done = try await gateway.post(path, "{\"parts\":[\(parts.joined(separator: ","))]}", headers: Self.headers)
                #expect(done.status == 200 && done.json["key"].text == key && done.json["location"].text.hasSuffix(key))
            }
            let media = try #require(MediaKeys.parse(key)?.keys.mediaId.rawValue)
            #expect(try await gateway.original(media) == bytes)
            #expect(try await gateway.events(on: .mediaUploaded, about: media) == 1)
            // Whose it is does not end with the upload.
            let (_, foreign) = try await begin(gateway, 6 << 20)
            let forged = "\(Self.base)/multipart/\(foreign)/complete?key=\(key)"
            for isFinished in [false, true] {
                if isFinished { try await gateway.finish(media) }
                #expect(try await gateway.post(forged, "{\"parts\":[]}", headers: Self.headers).status == 403)
                let body = "{\"parts\":[\(parts.joined(separator: ","))]}"
                #expect(try await gateway.post(path, body, headers: Self.headers).status == 200)
            }
        }
    }

    @Test func manyPartsAreSignedAtOnce() async throws {
        try await TestGateway.with { gateway in
            let (key, id) = try await begin(gateway, 11 << 20)
            let answer = try await gateway.send("GET", "\(Self.base)/multipart/\(id)/batch?key=\(key)&partNumbers=1,2,3")
            #expect(["1", "2", "3"].allSatisfy { !answer.json["presignedUrls"][$0].text.isEmpty })
            for numbers in ["0", "4", "1,4", "x", "", "-1"] {
                let bad = try await gateway.send("GET", "\(Self.base)/multipart/\(id)/batch?key=\(key)&partNumbers=\(numbers)")
                #expect(bad.status == 422)
            }
            #expect(try await gateway.send("GET", "\(Self.base)/multipart/\(id)/4?key=\(key)").status == 422)
        }
    }

    @Test func anAbortedUploadIsGone() async throws {
        try await TestGateway.with { gateway in
            let bytes = TestGateway.bytes(6 << 20)
            let (key, id) = try await begin(gateway, bytes.count)
            try await send(gateway, key, id, 1, bytes)
            let abort = try await gateway.send("DELETE", "\(Self.base)/multipart/\(id)?key=\(key)", headers: Self.headers)
            #expect(abort.status == 200 && String(decoding: abort.bytes, as: UTF8.self) == "{}")
            #expect(try gateway.storedFiles().isEmpty)
            #expect(try await gateway.send("GET", "\(Self.base)/multipart/\(id)/1?key=\(key)").status == 403)
        }
    }

    @Test func nothingOfOthersIsSigned() async throws {
        try await TestGateway.with { gateway in
            let (key, id) = try await begin(gateway, 6 << 20)
            let (otherKey, otherId) = try await begin(gateway, 6 << 20)
            let forged = [
                (key, otherId, gateway.token), (otherKey, id, gateway.token),
                (key, "0123456789abcdef0123456789abcdef", gateway.token),
                (key, id, gateway.otherToken), ("system/keys/x", id, gateway.token), (key + "x", id, gateway.token),
                ("projects/demo/\(MediaID.generate())/original/a.jpg", id, gateway.token), ("..%2F..%2Fetc", id, gateway.token),
                (String(key.dropLast(4)) + "%2e%2e", id, gateway.token),
            ]
            for (key, id, token) in forged {
                for (method, path) in [
                    ("GET", "/multipart/\(id)"), ("GET", "/multipart/\(id)/1"), ("GET", "/multipart/\(id)/batch"),
                    ("DELETE", "/multipart/\(id)"), ("POST", "/multipart/\(id)/complete"),
                ] {
                    let url = "\(Self.base)\(path)?key=\(key)&partNumbers=1"
                    let answer =
                        method == "POST"
                        ? try await gateway.post(url, "{\"parts\":[]}", token: token)
                        : try await gateway.send(method, url, token: token)
                    #expect(answer.status == 403 && answer.code == "forbiddenUpload", "\(method) \(path) \(key)")
                }
            }
            #expect(try await gateway.send("GET", "\(Self.base)/multipart/\(id)?key=\(key)", token: "").status == 401)
            #expect(try await gateway.send("GET", "\(Self.base)/multipart/\(id)?key=\(key)").status == 200)
        }
    }

    @Test func aFileWithoutItsSizeOrTooLargeIsRefused() async throws {
        try await TestGateway.with(["MILLRACE_MAX_UPLOAD_BYTES": "1000"]) { gateway in
            let post = { (body: String) in try await gateway.post("\(Self.base)/multipart", body) }
            let unknown = try await post(#"{"filename":"a.jpg","type":"image/jpeg","metadata":{}}"#)
            #expect(unknown.status == 422 && unknown.json["field"].text == "metadata.size")
            #expect(try await post(#"{"filename":"a.jpg","type":"image/jpeg","metadata":{"size":1001}}"#).status == 413)
            #expect(try await post(#"{"filename":"a.jpg","metadata":{"size":"10","projectId":"other"}}"#).status == 403)
            #expect(try await post(#"{"filename":"a.jpg","metadata":{"size":"10","tags":["x",{}],"n":null}}"#).status == 200)
            #expect(try await gateway.send("GET", "\(Self.base)/params?filename=a&type=x").status == 422)
        }
    }

    @Test func pagesOfOtherOriginsMayAsk() async throws {
        try await TestGateway.with { gateway in
            for path in ["/params", "/multipart", "/multipart/x", "/multipart/x/1", "/multipart/x/complete"] {
                let answer = try await gateway.send(
                    "OPTIONS", Self.base + path, token: "", headers: [("Origin", "https://app.example")])
                #expect(answer.status == 204 && answer.header("access-control-allow-origin") == "*", "\(path)")
                #expect(answer.header("access-control-allow-headers")?.contains("Authorization") == true)
            }
        }
    }

    // MARK: -

    private static let headers = [("Origin", "https://app.example"), ("Accept", "application/json")]

    private func begin(_ gateway: TestGateway, _ size: Int) async throws -> (key: String, id: String) {
        let metadata = "\"metadata\":{\"name\":\"film.mp4\",\"type\":\"video/mp4\",\"size\":\(size),\"relativePath\":null}"
        let body = "{\"filename\":\"film.mp4\",\"type\":\"video/mp4\",\(metadata)}"
        let answer = try await gateway.post("\(Self.base)/multipart", body, headers: Self.headers)
        #expect(answer.status == 200)
        return (answer.json["key"].text, answer.json["uploadId"].text)
    }

    private func send(_ gateway: TestGateway, _ key: String, _ id: String, _ number: Int, _ bytes: [UInt8]) async throws {
        let signed = try await gateway.send("GET", "\(Self.base)/multipart/\(id)/\(number)?key=\(key)", headers: Self.headers)
        #expect(signed.status == 200 && (signed.json["expires"].int ?? 0) > 0)
        let start = (number - 1) * (5 << 20)
        let part = Array(bytes[start..<min(bytes.count, start + (5 << 20))])
        #expect(try await gateway.put(signed.json["url"].text, part, type: nil).status == 200)
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") + "\""
    }
}
