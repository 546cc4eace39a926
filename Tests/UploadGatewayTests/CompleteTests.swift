import Events
import NIOCore
import ObjectStore
import Testing

@Suite struct CompleteTests {
    @Test func announcesTheUploadOnce() async throws {
        try await TestGateway.with { gateway in
            let media = try await gateway.uploaded()["mediaId"].text
            let first = try await gateway.send("POST", "/api/v2/uploads/\(media)/complete")
            #expect(first.status == 200)
            #expect(first.json["mediaId"].text == media)
            #expect(first.json["status"].text == "uploaded")
            let second = try await gateway.post("/api/v2/uploads/\(media)/complete", "{}")
            #expect(second.status == 200)
            #expect(second.bytes == first.bytes)
            #expect(try await gateway.events(on: .mediaUploaded, about: media) == 1)
            #expect(try await gateway.events(on: .mediaStatus, about: media) == 2)
            let status = try await gateway.send("GET", first.json["statusUrl"].text)
            #expect(status.json["status"].text == "uploaded")
            #expect(status.json["revision"].int == 2)
        }
    }

    @Test func goesOnWithTheTraceOfPresignUnlessTheClientNamesAnother() async throws {
        try await TestGateway.with { gateway in
            let (first, second) = (TraceParent.random(), TraceParent.random())
            for (headers, expected) in [([], first), ([("traceparent", second.rawValue)], second)] {
                let presigned = try await gateway.presign(TestGateway.file(), headers: [("traceparent", first.rawValue)]).json
                let media = presigned["mediaId"].text
                _ = try await gateway.put(presigned["url"].text, Array("hello".utf8))
                let answer = try await gateway.send("POST", "/api/v2/uploads/\(media)/complete", headers: headers)
                #expect(answer.status == 200)
                #expect(try await gateway.traces(on: .mediaUploaded, about: media) == [expected.traceId])
                let told = try await gateway.traces(on: .mediaStatus, about: media)
                #expect(told.count == 2 && Set(told) == [first.traceId, expected.traceId])
            }
        }
    }

    /// Nobody has sent a `traceparent`: then the one that presign began is everybody's.
    @Test func aTraceBeginsAtPresign() async throws {
        try await TestGateway.with { gateway in
            let presigned = try await gateway.presign(TestGateway.file(size: 5)).json
            let media = presigned["mediaId"].text
            _ = try await gateway.put(presigned["url"].text + "&complete=1", Array("hello".utf8))
            let begun = try await gateway.traces(on: .mediaStatus, about: media)
            #expect(begun.count == 2 && Set(begun).count == 1)
            #expect(try await gateway.traces(on: .mediaUploaded, about: media) == [begun[0]])
        }
    }

    @Test func tenAtOnceAnnounceItOnce() async throws {
        try await TestGateway.with { gateway in
            for _ in 1...10 {
                let upload = try await gateway.presign(TestGateway.file(size: 12, multipart: true)).json
                let url = upload["multipart"]["parts"][0]["url"].text
                #expect(try await gateway.put(url, Array("hello, world".utf8), type: nil).status == 200)
                let media = upload["mediaId"].text
                let answers = try await withThrowingTaskGroup { group in
                    for _ in 0..<10 { group.addTask { try await gateway.send("POST", "/api/v2/uploads/\(media)/complete") } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers.map(\.status) == Array(repeating: 200, count: 10), "\(answers.map(\.code))")
                #expect(Set(answers.map(\.bytes)).count == 1)
                #expect(try await gateway.events(on: .mediaUploaded, about: media) == 1)
                #expect(try await gateway.events(on: .mediaStatus, about: media) == 2)
            }
        }
    }

    @Test func putsPartsTogether() async throws {
        try await TestGateway.with(["MILLRACE_PART_BYTES": "5242880"]) { gateway in
            let bytes = (0..<(11 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let upload = try await gateway.presign(TestGateway.file(size: bytes.count, multipart: true)).json
            let media = upload["mediaId"].text
            var claims: [String] = []
            var offset = 0
            for part in upload["multipart"]["parts"].elements {
                let early = try await gateway.send("POST", "/api/v2/uploads/\(media)/complete")
                #expect(early.status == 409)
                #expect(early.code == "notUploaded")
                let size = try #require(part["size"].int)
                let put = try await gateway.put(part["url"].text, Array(bytes[offset..<(offset + size)]), type: nil)
                #expect(put.status == 200)
                let etag = try #require(put.header("etag"))
                claims.append("{\"number\":\(part["number"].int ?? 0),\"etag\":\"\(etag.replacing("\"", with: "\\\""))\"}")
                offset += size
            }
            #expect(claims.count == 3)
            let wrong = "{\"parts\":[{\"number\":1,\"etag\":\"x\"}]}"
            #expect(try await gateway.post("/api/v2/uploads/\(media)/complete", wrong).status == 422)
            let body = "{\"parts\":[\(claims.joined(separator: ","))]}"
            #expect(try await gateway.post("/api/v2/uploads/\(media)/complete", body).status == 200)
            let original = try await gateway.send("GET", "/files/\(upload["key"].text)")
            #expect(original.bytes == bytes)
        }
    }

    @Test func waitsForTheBytes() async throws {
        try await TestGateway.with { gateway in
            let media = try await gateway.presign(TestGateway.file()).json["mediaId"].text
            let answer = try await gateway.send("POST", "/api/v2/uploads/\(media)/complete")
            #expect(answer.status == 409)
            #expect(answer.code == "notUploaded")
            #expect(try await gateway.events(on: .mediaUploaded, about: media) == 0)
        }
    }

    @Test func refusesAnObjectOfAnotherSize() async throws {
        try await TestGateway.with { gateway in
            let upload = try await gateway.presign(TestGateway.file()).json
            try await gateway.store.put(upload["key"].text, .init(string: "too long by far"), contentType: "image/jpeg")
            let answer = try await gateway.send("POST", "/api/v2/uploads/\(upload["mediaId"].text)/complete")
            #expect(answer.status == 409)
            #expect(answer.code == "sizeMismatch")
        }
    }

    @Test(arguments: ["nonsense", "{\"parts\":7}", "{\"parts\":[{\"number\":\"x\"}]}", "{\"parts\":[{}]}"])
    func refusesBadBodies(body: String) async throws {
        try await TestGateway.with { gateway in
            let media = try await gateway.uploaded()["mediaId"].text
            let answer = try await gateway.post("/api/v2/uploads/\(media)/complete", body)
            #expect([400, 422].contains(answer.status))
            #expect(try await gateway.events(on: .mediaUploaded, about: media) == 0)
        }
    }

    @Test func knowsOnlyMediaOfTheCallersProject() async throws {
        try await TestGateway.with { gateway in
            let media = try await gateway.uploaded()["mediaId"].text
            for (id, token) in [(media, gateway.otherToken), ("\(MediaID.generate())", gateway.token), ("x", gateway.token)] {
                for (method, path) in [
                    ("POST", "/api/v2/uploads/\(id)/complete"), ("GET", "/api/v2/uploads/\(id)/parts"),
                    ("DELETE", "/api/v2/uploads/\(id)"), ("GET", "/api/v2/media/\(id)"),
                ] {
                    let answer = try await gateway.send(method, path, token: token)
                    #expect(answer.status == 404, "\(method) \(path)")
                    #expect(answer.code == "mediaNotFound")
                }
            }
        }
    }
}
