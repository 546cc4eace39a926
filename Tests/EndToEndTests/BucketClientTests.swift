import Events
import Foundation
import HTTPClient
import S3
import TestSupport
import Testing

/// Clients that people already have, on a bucket of a real S3 server.
@Suite(.serialized, .timeLimit(.minutes(10)), .enabled(if: RGWServer.canRun))
struct BucketClientTests {
    @Test("tuspy uploads into a bucket, is interrupted, and goes on in another process")
    func tuspy() async throws {
        let stack = try await start()
        // What follows a JPEG's end is nobody's business: more than a part of the bucket's upload.
        let bytes = try Samples.photo + [UInt8](repeating: 7, count: 9 << 20)
        let file = stack.state.appending(path: "picture.jpg")
        try Data(bytes).write(to: file)
        let first = try stack.tuspy(file, stop: (8 << 20) + 300_000)
        #expect(first.offset >= (8 << 20) + 300_000 && first.offset < bytes.count)
        let second = try stack.tuspy(file, known: first.url)
        #expect(second.url == first.url && second.offset == bytes.count)
        try await expectReady(first.url, bytes, stack)
        try await stack.stop()
    }

    @Test("pieces of tus become one media in a bucket, also when the client asks twice")
    func pieces() async throws {
        let stack = try await start()
        let bytes = try Samples.photo + [UInt8](repeating: 7, count: 9 << 20)
        var urls: [String] = []
        for piece in [bytes[..<1_000_000], bytes[1_000_000...]] {
            let headers = [("Upload-Length", "\(piece.count)"), ("Upload-Concat", "partial")] + Self.patch
            let answer = try await stack.tus("POST", "/api/v2/tus", headers, Array(piece))
            #expect(answer.status == 201, "\(answer.text)")
            urls.append(try #require(answer.header("location")))
        }
        let name = Data("tus.jpg".utf8).base64EncodedString()
        let final = [("Upload-Concat", "final;" + urls.joined(separator: " ")), ("Upload-Metadata", "filename \(name)")]
        let answers = [try await stack.tus("POST", "/api/v2/tus", final), try await stack.tus("POST", "/api/v2/tus", final)]
        #expect(answers.map(\.status) == [201, 201])
        let url = try #require(answers[0].header("location"))
        #expect(answers[1].header("location") == url)
        try await expectReady(url, bytes, stack)
        try await stack.stop()
    }

    /// As `Tests/UploadGatewayTests/Uppy` has them, from the plug-in's source.
    @Test("the requests of Uppy's plug-in AwsS3 send a file straight into the bucket, in parts and whole")
    func companion() async throws {
        let stack = try await start(["MILLRACE_EVENTS_TOKEN": "a-token-of-the-store"])
        let bytes = try Samples.photo + [UInt8](repeating: 7, count: 6 << 20)
        let declared = #"{"filename":"tus.jpg","type":"image/jpeg","metadata":{"name":"tus.jpg","size":\#(bytes.count)}}"#
        let begun = try await stack.call("POST", "/api/v2/uppy/s3/multipart", json: declared).json
        let (key, id) = (try #require(begun["key"] as? String), try #require(begun["uploadId"] as? String))
        let path = "/api/v2/uppy/s3/multipart/\(id)"
        let count = (bytes.count + (5 << 20) - 1) / (5 << 20)
        for number in [1] + (2...count).reversed() { try await send(number, of: bytes, path, key, stack) }
        let listed = try await stack.call("GET", "\(path)?key=\(key)")
        let parts = try #require(try JSONSerialization.jsonObject(with: Data(listed.body)) as? [[String: Any]])
        #expect(parts.map { $0["PartNumber"] as? Int } == Array(1...count))
        let body = String(decoding: try JSONSerialization.data(withJSONObject: ["parts": parts]), as: UTF8.self)
        let done = try await stack.call("POST", "\(path)/complete?key=\(key)", json: body)
        #expect(done.status == 200 && done.json["key"] as? String == key, "\(done.text)")
        try await expectReady(id, bytes, stack)
        let foreign = "/api/v2/uppy/s3/multipart/\(MediaID.generate())/complete?key=\(key)"
        #expect(try await stack.call("POST", foreign, json: body).status == 403)

        let query = "filename=small.jpg&type=image%2Fjpeg&metadata%5Bsize%5D=\(bytes.count)"
        let params = try await stack.call("GET", "/api/v2/uppy/s3/params?\(query)").json
        let headers = try #require(params["headers"] as? [String: String]).map { ($0.key, $0.value) }
        let put = HTTPClient.Request("PUT", try #require(params["url"] as? String), headers: headers, body: .bytes(bytes))
        #expect(try await stack.http.send(put).status == 200)
        try await stack.stop()
    }

    private static let patch = [("Content-Type", "application/offset+octet-stream")]

    private func start(_ more: [String: String] = [:]) async throws -> RunningStack {
        let server = try await RGWServer.shared()
        let client = try await server.bucket("/media/eu")
        let store = ["STORE": "s3://\(client.location.bucket)/media/eu"]
        return try await RunningStack.start(environment: server.settings.merging(store) { $1 }.merging(more) { $1 })
    }

    /// As the plug-in cuts files, without any header.
    private func send(_ number: Int, of bytes: [UInt8], _ path: String, _ key: String, _ stack: RunningStack) async throws {
        let signed = try await stack.call("GET", "\(path)/\(number)?key=\(key)").json
        let part = Array(bytes[((number - 1) * (5 << 20))..<min(bytes.count, number * (5 << 20))])
        let put = HTTPClient.Request("PUT", try #require(signed["url"] as? String), body: .bytes(part))
        #expect(try await stack.http.send(put).status == 200)
    }

    private func expectReady(_ url: String, _ bytes: [UInt8], _ stack: RunningStack) async throws {
        let media = try #require(MediaID(String(url.split(separator: "/").last ?? "")))
        #expect(try await stack.finished(media).status == .ready)
        #expect(try await stack.call("GET", "/files/projects/demo/\(media)/original/tus.jpg").body == bytes)
        #expect(try await stack.list("ready") == [media])
    }
}

extension RunningStack {
    fileprivate func tus(
        _ method: String, _ path: String, _ headers: [(String, String)], _ body: [UInt8] = []
    ) async throws -> HTTPClient.Response {
        let all = [("Tus-Resumable", "1.0.0"), ("Authorization", "Bearer \(apiKey)")] + headers
        return try await http.send(HTTPClient.Request(method, url + path, headers: all, body: .bytes(body)))
    }
}
