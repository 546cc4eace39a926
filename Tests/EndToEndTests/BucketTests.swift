import Events
import Foundation
import HTTPClient
import S3
import TestSupport
import Testing

/// The whole pipeline on a bucket of a real S3 server, as with `STORE=s3://… make up`.
@Suite(.serialized, .timeLimit(.minutes(10)), .enabled(if: RGWServer.canRun))
struct BucketTests {
    @Test("a photo goes straight into the bucket and through the whole pipeline")
    func photo() async throws {
        let (stack, server, client) = try await start()
        let photo = try Samples.photo
        let presigned = try await stack.presign("photo.jpg", type: "image/jpeg", size: photo.count)
        // The bytes never meet the gateway.
        #expect(presigned.url.hasPrefix("http://127.0.0.1:\(server.port)/\(client.location.bucket)/media/eu/projects/demo/"))
        try await expectRefusals(presigned, photo, of: stack)
        #expect(try await stack.put(photo, to: presigned).status == 200)
        #expect(try await stack.put(photo, to: presigned).status == 412)
        #expect(try await stack.call("POST", "/api/v2/uploads/\(presigned.mediaId)/complete").status == 200)
        let status = try await stack.finished(presigned.mediaId)
        #expect(status.status == .ready, "\(String(describing: status.error))")
        try await expectDelivery(presigned, photo, of: stack)
        for thumbnail in status.processed.thumbnails {
            let answer = try await stack.http.send(HTTPClient.Request("GET", try #require(thumbnail.url)))
            #expect(answer.status == 200 && answer.body.count == thumbnail.bytes)
        }
        try await stack.stop()
    }

    @Test("an upload in parts: resumed, completed, and another one given up without a trace")
    func parts() async throws {
        let (stack, _, client) = try await start(["MILLRACE_PART_BYTES": "\(5 << 20)", "MILLRACE_MULTIPART_THRESHOLD": "1"])
        // What follows a JPEG's end is nobody's business.
        let bytes = try Samples.photo + [UInt8](repeating: 0, count: 9 << 20)
        let upload = try await presignParts(bytes.count, of: stack)
        #expect(upload.multipart.parts.count == (bytes.count + (5 << 20) - 1) / (5 << 20))
        for part in upload.multipart.parts.dropLast() { #expect(try await send(part, of: bytes, stack) == 200) }
        let early = try await stack.call("POST", "/api/v2/uploads/\(upload.mediaId)/complete")
        #expect(early.status == 409 && early.json["code"] as? String == "notUploaded")
        let rest = try await stack.call("GET", "/api/v2/uploads/\(upload.mediaId)/parts")
        let missing = try JSONDecoder().decode(Progress.self, from: Data(rest.body)).missing
        #expect(missing.map(\.number) == [upload.multipart.parts.count])
        for part in missing { #expect(try await send(part, of: bytes, stack) == 200) }
        #expect(try await stack.call("POST", "/api/v2/uploads/\(upload.mediaId)/complete").status == 200)
        #expect(try await stack.finished(upload.mediaId).status == .ready)

        let other = try await presignParts(bytes.count, of: stack)
        #expect(try await send(other.multipart.parts[0], of: bytes, stack) == 200)
        #expect(try await stack.call("DELETE", "/api/v2/uploads/\(other.mediaId)").status == 204)
        #expect(try await client.uploads(prefix: "").isEmpty)
        #expect(try await send(other.multipart.parts[1], of: bytes, stack) == 404)
        try await stack.stop()
    }

    @Test("after the loss of Redis everything comes back from the bucket")
    func loss() async throws {
        let (stack, _, _) = try await start()
        let presigned = try await stack.upload(try Samples.small, named: "a.webp", type: "image/webp")
        try await stack.finished(presigned.mediaId)
        try Redis.ask(stack, ["FLUSHALL"])
        try await eventually(timeout: .seconds(60), "it is listed again") {
            let list = try? await stack.call("GET", "/api/v2/media?projectId=demo")
            return (list?.json["items"] as? [[String: Any]])?.contains { $0["mediaId"] as? String == "\(presigned.mediaId)" }
                == true
        }
        try await stack.stop()
    }

    @Test("readers can be sent to the bucket, but for playlists")
    func redirect() async throws {
        let (stack, server, client) = try await start(["MILLRACE_FILES_REDIRECT": "true"])
        let photo = try Samples.photo
        let presigned = try await stack.upload(photo, named: "photo.jpg")
        let anonymous = HTTPClient.Request("GET", "\(stack.url)/files/\(presigned.key)")
        #expect(try await stack.http.send(anonymous).status == 401)
        let answer = try await stack.call("GET", "/files/\(presigned.key)", headers: [("Range", "bytes=0-9")])
        let location = try #require(answer.header("location"))
        #expect(answer.status == 307 && location.hasPrefix("http://127.0.0.1:\(server.port)/"))
        let file = try await stack.http.send(HTTPClient.Request("GET", location, headers: [("Range", "bytes=5-9")]))
        #expect(file.status == 206 && file.body == Array(photo[5...9]))
        #expect(file.header("content-disposition") == "attachment; filename=\"photo.jpg\"")
        let playlist = presigned.key.components(separatedBy: "original/")[0] + "derived/stream/x/master.m3u8"
        _ = try await client.put("media/eu/\(playlist)", Array("#EXTM3U\n".utf8), contentType: "application/vnd.apple.mpegurl")
        #expect(try await stack.call("GET", "/files/\(playlist)").text == "#EXTM3U\n")
        try await stack.stop()
    }

    @Test("bucket setup says what it would change, changes it once, and browsers may upload then", arguments: ["", "/media"])
    func setup(_ prefix: String) async throws {
        let server = try await RGWServer.shared()
        let name = "setup-\(UInt32.random(in: .min ... .max))"
        let environment = try server.settings.merging([
            "PATH": #require(ProcessInfo.processInfo.environment["PATH"]), "MILLRACE_STATE": "/nonexistent",
            "MILLRACE_STORE": "s3://\(name)\(prefix)",
        ]) { $1 }
        let run = { (flag: String) in
            try Build.run("millrace", ["bucket", "setup", "--origin", "https://app.test", flag], environment: environment)
        }
        let dry = try run("--dry-run")
        #expect(dry.status == 0 && dry.output.contains("would make the bucket \(name)"), "\(dry.output)")
        let client = try server.client("s3://\(name)")
        #expect(try await client.headBucket() == false)
        let done = try run("--yes")
        #expect(done.status == 0 && done.output.hasSuffix("done\n"), "\(done.output)")
        let again = try run("--yes")
        #expect(again.status == 0 && again.output == "\(name) is as it should be\n", "\(again.output)")
        // What a browser asks before it uploads.
        for (origin, isAllowed) in [("https://app.test", true), ("https://evil.test", false)] {
            let preflight = HTTPClient.Request(
                "OPTIONS", "http://127.0.0.1:\(server.port)/\(name)/media/a",
                headers: [
                    ("Origin", origin), ("Access-Control-Request-Method", "PUT"),
                    ("Access-Control-Request-Headers", "content-type,if-none-match"),
                ])
            let answer = try await HTTPClient().send(preflight)
            #expect((answer.header("access-control-allow-origin") == origin) == isAllowed, "\(origin): \(answer.status)")
        }
    }

    private func start(_ more: [String: String] = [:]) async throws -> (RunningStack, RGWServer, S3Client) {
        let server = try await RGWServer.shared()
        let client = try await server.bucket("/media/eu")
        let store = "s3://\(client.location.bucket)/media/eu"
        let environment = server.settings.merging(["STORE": store]) { $1 }.merging(more) { $1 }
        return (try await RunningStack.start(environment: environment), server, client)
    }

    private func expectRefusals(_ presigned: RunningStack.Presigned, _ photo: [UInt8], of stack: RunningStack) async throws {
        let headers = presigned.headers.map { ($0.key, $0.value) }
        let longer = HTTPClient.Request("PUT", presigned.url, headers: headers, body: .bytes(photo + [0]))
        #expect(try await stack.http.send(longer).status == 403)
        let html = headers.map { $0.0 == "Content-Type" ? ($0.0, "text/html") : $0 }
        #expect(
            try await stack.http.send(HTTPClient.Request("PUT", presigned.url, headers: html, body: .bytes(photo))).status == 403)
        let unconditional = headers.filter { $0.0 != "If-None-Match" }
        #expect(
            try await stack.http.send(HTTPClient.Request("PUT", presigned.url, headers: unconditional, body: .bytes(photo)))
                .status == 403)
        let early = try await stack.call("POST", "/api/v2/uploads/\(presigned.mediaId)/complete")
        #expect(early.status == 409)
    }

    private func expectDelivery(_ presigned: RunningStack.Presigned, _ photo: [UInt8], of stack: RunningStack) async throws {
        let manifest = try await stack.call("GET", "/api/v2/media/\(presigned.mediaId)")
        #expect(manifest.status == 200 && manifest.json["variants"] != nil)
        let picture = try await stack.http.send(HTTPClient.Request("GET", "\(stack.url)/img/\(presigned.key)?w=200&f=jpeg"))
        #expect(picture.status == 200 && picture.header("content-type") == "image/jpeg")
        #expect(try await stack.call("GET", "/files/\(presigned.key)").body == photo)
        let ranged = try await stack.call("GET", "/files/\(presigned.key)", headers: [("Range", "bytes=-100")])
        #expect(ranged.status == 206 && ranged.body == Array(photo.suffix(100)))
        let etag = try #require(ranged.header("etag"))
        #expect(try await stack.call("GET", "/files/\(presigned.key)", headers: [("If-None-Match", etag)]).status == 304)
        let beyond = try await stack.call("GET", "/files/\(presigned.key)", headers: [("Range", "bytes=\(photo.count)-")])
        #expect(beyond.status == 416)
    }

    private struct Part: Decodable {
        let number: Int
        let url: String
        let size: Int
    }

    private struct Progress: Decodable { let missing: [Part] }

    private struct PartedUpload: Decodable {
        struct Multipart: Decodable { let partSize: Int; let parts: [Part] }
        let mediaId: MediaID
        let multipart: Multipart
    }

    private func presignParts(_ size: Int, of stack: RunningStack) async throws -> PartedUpload {
        let json = #"{"projectId":"demo","fileName":"big.jpg","contentType":"image/jpeg","size":\#(size)}"#
        let answer = try await stack.call("POST", "/api/v2/uploads/presign", json: json)
        #expect(answer.status == 201, "\(answer.text)")
        return try JSONDecoder().decode(PartedUpload.self, from: Data(answer.body))
    }

    private func send(_ part: Part, of bytes: [UInt8], _ stack: RunningStack) async throws -> Int {
        let start = (part.number - 1) * (5 << 20)
        let body = Array(bytes[start..<start + part.size])
        return try await stack.http.send(HTTPClient.Request("PUT", part.url, body: .bytes(body))).status
    }
}
