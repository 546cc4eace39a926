import Access
import Catalog
import Events
import FoundationEssentials
import Messaging
import TestSupport
import Testing

@Suite struct MediaTests {
    @Test func showsWhatIsInFlight() async throws {
        try await TestGateway.with { gateway in
            let media = try await gateway.uploaded()["mediaId"].text
            let view = try await gateway.send("GET", "/api/v2/media/\(media)")
            #expect(view.status == 200)
            #expect(view.json["status"].text == "uploading")
            #expect(view.json["original"]["fileName"].text == "a.jpg")
            #expect(view.json["original"]["url"].text == "\(gateway.url)/files/projects/demo/\(media)/original/a.jpg")
            #expect(view.json["times"].keys == ["createdAt"])
            #expect(try await gateway.send("POST", "/api/v2/uploads/\(media)/complete").status == 200)
            let later = try await gateway.send("GET", "/api/v2/media/\(media)").json
            #expect(later["status"].text == "uploaded")
            #expect(later["times"].keys == ["createdAt", "uploadedAt"])
        }
    }

    @Test func showsTheManifestWithURLs() async throws {
        try await TestGateway.with { gateway in
            let upload = try await gateway.uploaded()
            let media = upload["mediaId"].text
            #expect(try await gateway.send("POST", "/api/v2/uploads/\(media)/complete").status == 200)
            try await gateway.finish(media)
            let status = try await gateway.send("GET", "/api/v2/media/\(media)/status?projectId=demo")
            #expect(status.json["status"].text == "ready")
            let link = "\(gateway.url)/files/projects/demo/\(media)/derived/t.webp"
            #expect(status.json["processed"]["thumbnails"][0]["url"].text == link)
            let view = try await gateway.send("GET", "/api/v2/media/\(media)").json
            #expect(view["schemaVersion"].int == 1)
            #expect(view["status"].text == "ready")
            #expect(view["format"].text == "jpeg")
            #expect(view["variants"]["thumbnails"][0]["url"].text == link)
            #expect(view["original"]["key"] == upload["key"])
            #expect(view["steps"].elements.map { $0["state"].text } == ["completed"])
            #expect(try await gateway.send("POST", "/api/v2/uploads/\(media)/complete").status == 200)
            #expect(try await gateway.send("DELETE", "/api/v2/uploads/\(media)").status == 409)
            #expect(try await gateway.events(on: .mediaUploaded, about: media) == 1)
            try await gateway.redisServer.flushAll()
            let rebuilt = try await gateway.send("GET", "/api/v2/media/\(media)/status?projectId=demo")
            #expect(rebuilt.bytes == status.bytes)
        }
    }

    @Test func showsTheManifestOfAMediaThatRedisHasLost() async throws {
        try await TestGateway.with { gateway in
            let media = try await gateway.uploaded()["mediaId"].text
            #expect(try await gateway.send("POST", "/api/v2/uploads/\(media)/complete").status == 200)
            try await gateway.finish(media)
            let view = try await gateway.send("GET", "/api/v2/media/\(media)")
            try await gateway.redisServer.flushAll()
            let rebuilt = try await gateway.send("GET", "/api/v2/media/\(media)")
            #expect(rebuilt.status == 200 && rebuilt.bytes == view.bytes)
            // Only the key says in which project to look.
            let operatorToken = try await gateway.keys.create(project: "*", name: "operator").token
            for (id, token) in [
                (media, gateway.otherToken), (media, operatorToken), ("\(MediaID.generate())", gateway.token),
            ] {
                let answer = try await gateway.send("GET", "/api/v2/media/\(id)", token: token)
                #expect(answer.status == 404 && answer.code == "mediaNotFound")
            }
            // A media that was not finished has no manifest to come back from.
            let unfinished = try await gateway.uploaded()["mediaId"].text
            try await gateway.redisServer.flushAll()
            #expect(try await gateway.send("GET", "/api/v2/media/\(unfinished)").status == 404)
        }
    }

    @Test func abandonedUploadsStayClosed() async throws {
        try await TestGateway.with { gateway in
            let media = try await gateway.presign(TestGateway.file()).json["mediaId"].text
            try await gateway.abandon(media)
            let status = try await gateway.send("GET", "/api/v2/media/\(media)/status?projectId=demo")
            #expect(status.json["status"].text == "failed")
            for (method, path) in [("POST", "complete"), ("GET", "parts")] {
                let answer = try await gateway.send(method, "/api/v2/uploads/\(media)/\(path)")
                #expect(answer.status == 409)
                #expect(answer.code == "uploadExpired")
            }
            #expect(try await gateway.events(on: .mediaUploaded, about: media) == 0)
        }
    }

    @Test func statusBelongsToItsProject() async throws {
        try await TestGateway.with { gateway in
            let media = try await gateway.uploaded()["mediaId"].text
            let operatorToken = try await gateway.keys.create(project: "*", name: "operator").token
            for (path, token, status, code) in [
                ("\(media)/status?projectId=demo", gateway.otherToken, 403, "forbiddenProject"),
                ("\(media)/status?projectId=other", gateway.otherToken, 404, "mediaNotFound"),
                ("\(media)/status?projectId=other", operatorToken, 404, "mediaNotFound"),
                ("\(MediaID.generate())/status?projectId=demo", gateway.token, 404, "mediaNotFound"),
                ("x/status?projectId=demo", gateway.token, 404, "mediaNotFound"),
                ("\(media)/status", gateway.token, 422, "invalidField"),
                ("\(media)/status?projectId=%zz", gateway.token, 400, "malformedQuery"),
            ] {
                let answer = try await gateway.send("GET", "/api/v2/media/\(path)", token: token)
                #expect(answer.status == status, "\(path)")
                #expect(answer.code == code, "\(path)")
            }
            #expect(
                try await gateway.send("GET", "/api/v2/media/\(media)/status?projectId=demo", token: operatorToken).status == 200)
        }
    }

    @Test func listsPageByPage() async throws {
        try await TestGateway.with { gateway in
            let files = (0..<7).map { _ in TestGateway.file() }.joined(separator: ",")
            let made = try await gateway.presign("[\(files)]").json.elements.map { $0["mediaId"].text }
            let done = try await gateway.uploaded()["mediaId"].text
            _ = try await gateway.send("POST", "/api/v2/uploads/\(done)/complete")
            var seen: [String] = []
            var cursor = ""
            repeat {
                let page = try await gateway.send("GET", "/api/v2/media?projectId=demo&limit=3\(cursor)")
                #expect(page.status == 200)
                #expect(page.json["items"].elements.count <= 3)
                seen += page.json["items"].elements.map { $0["mediaId"].text }
                cursor = page.json["nextCursor"] == .null ? "" : "&cursor=\(page.json["nextCursor"].text)"
            } while !cursor.isEmpty && seen.count < 20
            #expect(seen == (made + [done]).sorted().reversed())
            let uploaded = try await gateway.send("GET", "/api/v2/media?projectId=demo&status=uploaded")
            #expect(uploaded.json["items"].elements.map { $0["mediaId"].text } == [done])
            let other = try await gateway.send("GET", "/api/v2/media?projectId=other", token: gateway.otherToken)
            #expect(other.json["items"].elements.isEmpty)
        }
    }

    @Test(arguments: [
        ("", 422), ("projectId=other", 403), ("projectId=A!", 422), ("projectId=demo&limit=0", 422),
        ("projectId=demo&limit=201", 422), ("projectId=demo&limit=x", 422), ("projectId=demo&status=sold", 422),
        ("projectId=demo&cursor=nonsense", 400), ("projectId=demo&cursor=%00", 400),
    ])
    func refusesQueries(query: String, status: Int) async throws {
        try await TestGateway.with { gateway in
            let answer = try await gateway.send("GET", "/api/v2/media?\(query)")
            #expect(answer.status == status)
            #expect(answer.header("content-type") == "application/problem+json")
        }
    }

    @Test func saysWhenTheBusIsAway() async throws {
        try await TestGateway.with { gateway in
            let media = try await gateway.uploaded()["mediaId"].text
            gateway.redisServer.stop()
            for (method, path) in [("GET", "/api/v2/media/\(media)"), ("POST", "/api/v2/uploads/\(media)/complete")] {
                let answer = try await gateway.send(method, path)
                #expect(answer.status == 503)
                #expect(answer.header("retry-after") != nil)
            }
            try await gateway.redisServer.restart()
            try await eventually("the bus is back") {
                try await gateway.send("POST", "/api/v2/uploads/\(media)/complete").status == 200
            }
            #expect(try await gateway.events(on: .mediaUploaded, about: media) == 1)
        }
    }
}
