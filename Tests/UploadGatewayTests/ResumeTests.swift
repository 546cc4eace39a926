import Events
import TestSupport
import Testing

@Suite struct ResumeTests {
    @Test func tellsWhatIsMissing() async throws {
        try await TestGateway.with(["MILLRACE_PART_BYTES": "5242880"]) { gateway in
            let upload = try await gateway.presign(TestGateway.file(size: 11 << 20, multipart: true)).json
            let media = upload["mediaId"].text
            let second = upload["multipart"]["parts"][1]
            let part = [UInt8](repeating: 2, count: 5 << 20)
            #expect(try await gateway.put(second["url"].text, part, type: nil).status == 200)
            let progress = try await gateway.send("GET", "/api/v2/uploads/\(media)/parts")
            #expect(progress.status == 200)
            #expect(progress.json["received"].elements.compactMap { $0["number"].int } == [2])
            #expect(progress.json["missing"].elements.compactMap { $0["number"].int } == [1, 3])
            #expect(progress.json["missing"].elements.compactMap { $0["size"].int } == [5 << 20, 1 << 20])
            for number in [0, 1] {
                let fresh = try await gateway.send("GET", "/api/v2/uploads/\(media)/parts").json["missing"][0]
                let size = try #require(fresh["size"].int)
                let put = try await gateway.put(fresh["url"].text, [UInt8](repeating: 1, count: size), type: nil)
                #expect(put.status == 200, "part \(number)")
            }
            let all = try await gateway.send("GET", "/api/v2/uploads/\(media)/parts").json
            #expect(all["missing"].elements.isEmpty)
            #expect(all["isComplete"] == .bool(true))
            #expect(try await gateway.send("POST", "/api/v2/uploads/\(media)/complete").status == 200)
            let after = try await gateway.send("GET", "/api/v2/uploads/\(media)/parts")
            #expect(after.status == 409)
            #expect(after.code == "alreadyUploaded")
        }
    }

    @Test func goesOnAfterTheURLsExpired() async throws {
        try await TestGateway.with(["MILLRACE_UPLOAD_URL_LIFETIME": "3s"]) { gateway in
            let upload = try await gateway.presign(TestGateway.file(multipart: true)).json
            let stale = upload["multipart"]["parts"][0]["url"].text
            try await TestGateway.expiry(of: stale)
            let refused = try await gateway.put(stale, Array("hello".utf8), type: nil)
            #expect(refused.status == 403)
            #expect(refused.code == "urlExpired", "\(refused.json)")
            try await eventually("a fresh URL is used in time") {
                let fresh = try await gateway.send("GET", "/api/v2/uploads/\(upload["mediaId"].text)/parts").json["missing"][0]
                return try await gateway.put(fresh["url"].text, Array("hello".utf8), type: nil).status == 200
            }
        }
    }

    @Test func givesAFreshURLForAWholeUpload() async throws {
        try await TestGateway.with { gateway in
            let upload = try await gateway.presign(TestGateway.file()).json
            let path = "/api/v2/uploads/\(upload["mediaId"].text)/parts"
            let fresh = try await gateway.send("GET", path).json
            #expect(fresh["isComplete"] == .bool(false))
            #expect(try await gateway.put(fresh["url"].text, Array("hello".utf8)).status == 200)
            let done = try await gateway.send("GET", path).json
            #expect(done["isComplete"] == .bool(true))
            #expect(done["url"] == .null)
        }
    }

    @Test func abortsAnUpload() async throws {
        try await TestGateway.with { gateway in
            let whole = try await gateway.uploaded()
            let parts = try await gateway.presign(TestGateway.file(size: 5, multipart: true)).json
            let part = parts["multipart"]["parts"][0]["url"].text
            #expect(try await gateway.put(part, Array("hello".utf8), type: nil).status == 200)
            for media in [whole["mediaId"].text, parts["mediaId"].text] {
                let answer = try await gateway.send("DELETE", "/api/v2/uploads/\(media)")
                #expect(answer.status == 204)
                #expect(answer.bytes.isEmpty)
                #expect(try await gateway.send("DELETE", "/api/v2/uploads/\(media)").status == 404)
                #expect(try await gateway.send("POST", "/api/v2/uploads/\(media)/complete").status == 404)
                #expect(try await gateway.send("GET", "/api/v2/media/\(media)/status?projectId=demo").status == 404)
            }
            #expect(try gateway.storedFiles().isEmpty)
            #expect(try await gateway.send("GET", "/api/v2/media?projectId=demo").json["items"].elements.isEmpty)
            let late = try await gateway.put(part, Array("hello".utf8), type: nil)
            #expect(late.status == 409)
            #expect(late.code == "uploadClosed")
            #expect(try gateway.storedFiles().isEmpty)
        }
    }

    @Test func doesNotAbortWhatIsUploaded() async throws {
        try await TestGateway.with { gateway in
            let media = try await gateway.uploaded()["mediaId"].text
            #expect(try await gateway.send("POST", "/api/v2/uploads/\(media)/complete").status == 200)
            let answer = try await gateway.send("DELETE", "/api/v2/uploads/\(media)")
            #expect(answer.status == 409)
            #expect(answer.code == "alreadyUploaded")
            #expect(try gateway.storedFiles().count == 1)
        }
    }
}
