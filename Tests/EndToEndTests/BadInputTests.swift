import Events
import Foundation
import HTTPClient
import TestSupport
import Testing

/// Files that lie, are broken or are bombs: each ends with one clear error, and the services live on.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct BadInputTests {
    @Test("each bad file fails with its own code; a good one goes through afterwards")
    func badFiles() async throws {
        let stack = try await RunningStack.start()
        for (name, bytes, code) in try Self.files() {
            let presigned = try await stack.upload(bytes, named: name)
            let status = try await stack.finished(presigned.mediaId)
            #expect(status.status == .failed, "\(name) became \(status.status)")
            #expect(status.error?.code == code, "\(name): \(String(describing: status.error))")
            #expect(status.error?.message.isEmpty == false)
        }
        let good = try await stack.upload(try Samples.bytes("2-png.png"), named: "good.png", type: "text/plain")
        #expect(try await stack.finished(good.mediaId).status == .ready, "nothing is decided by the declared type")
        for service in ["metadata", "variants", "ingest-listener"] {
            #expect(!stack.printed.contains("\(service) ended"), "\(service) died")
        }
        try await stack.stop()
    }

    @Test("broken films and playlists in disguise fail with a code of their own, and nothing that they name is fetched")
    func badFilms() async throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let canary = try Canary()
        let stack = try await RunningStack.start(environment: ["MILLRACE_VIDEO_PRESET": "ultrafast"])
        for (name, bytes, code) in try Self.films(directory, canary) {
            let presigned = try await stack.upload(bytes, named: name, type: "video/mp4")
            let status = try await stack.finished(presigned.mediaId)
            #expect(status.status == .failed && status.error?.code == code, "\(name): \(String(describing: status.error))")
        }
        #expect(!canary.hasSung())
        let good = try await stack.upload(try Self.film(directory), named: "good.mp4", type: "video/mp4")
        #expect(try await stack.finished(good.mediaId, within: .seconds(120)).status == .ready)
        for service in ["metadata", "transcoder", "ingest-listener"] {
            #expect(!stack.printed.contains("\(service) ended"), "\(service) died")
        }
        try await stack.stop()
    }

    @Test("a file that declares another size than it has is refused, and nothing is stored")
    func wrongSize() async throws {
        let stack = try await RunningStack.start()
        let photo = try Samples.bytes("3-portrait.webp")
        let presigned = try await stack.presign("a.webp", type: "image/webp", size: photo.count + 1)
        let answer = try await stack.put(photo, to: presigned)
        #expect((400..<500).contains(answer.status))
        #expect(answer.header("content-type")?.hasPrefix("application/problem+json") == true)
        #expect(try await stack.call("POST", "/api/v2/uploads/\(presigned.mediaId)/complete").status == 409)
        #expect(try await stack.call("GET", "/files/\(presigned.key)").status == 404)
        try await stack.stop()
    }

    @Test("a presign body of 10 MB, unknown routes and missing keys are answered in problem+json through the edge")
    func problems() async throws {
        let stack = try await RunningStack.start()
        let huge = try await stack.call("POST", "/api/v2/uploads/presign", json: String(repeating: " ", count: 10_000_000) + "{}")
        #expect(huge.status == 413)
        #expect(try await stack.call("GET", "/nowhere").status == 404)
        #expect(try await stack.call("GET", "/api/v2/media/nonsense").status == 404)
        #expect(try await stack.call("GET", "/api/v2/media?projectId=other").status == 403)
        let anonymous = try await stack.http.send(HTTPClient.Request("GET", stack.url + "/api/v2/media?projectId=demo"))
        #expect(anonymous.status == 401)
        #expect(anonymous.header("www-authenticate")?.hasPrefix("Bearer") == true)
        for answer in [huge, anonymous] { #expect(answer.json["code"] is String && answer.json["requestId"] is String) }
        try await stack.stop()
    }

    private static func film(_ directory: TemporaryDirectory) throws -> [UInt8] {
        let path = try MediaFile.make(
            "film.mp4", in: directory, "-f lavfi -i testsrc2=s=320x180:r=25:d=2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p")
        return Array(try Data(contentsOf: URL(filePath: path)))
    }

    private static func films(
        _ directory: TemporaryDirectory, _ canary: Canary
    ) throws -> [(name: String, bytes: [UInt8], code: MediaError.Code)] {
        let film = try film(directory)
        let head: [UInt8] = [0, 0, 0, 24] + Array("ftypisom".utf8) + [0, 0, 2, 0] + Array("isomiso2".utf8)
        let playlist = Array("#EXTM3U\n#EXTINF:1,\nfile://\(canary.path)\n#EXTINF:1,\nhttp://127.0.0.1:\(canary.port)/\n".utf8)
        return [
            // Its index is at the end, and cut off.
            ("no-moov.mp4", Array(film.prefix(film.count * 3 / 4)), .corruptMedia),
            ("playlist.mp4", playlist, .unsupportedMediaType),
            ("concat.mp4", Array("ffconcat version 1.0\nfile 'file://\(canary.path)'\n".utf8), .unsupportedMediaType),
            // What ingest-listener takes for a film is opened as nothing else.
            ("disguised.mp4", head + playlist, .corruptMedia), ("nothing.mp4", head, .corruptMedia),
        ]
    }

    private static func files() throws -> [(name: String, bytes: [UInt8], code: MediaError.Code)] {
        let photo = try Samples.photo
        return [
            ("program.jpg", Array("\u{7f}ELF".utf8) + [UInt8](repeating: 0, count: 4000), .unsupportedMediaType),
            ("page.jpg", Array("<html><script>alert(1)</script></html>".utf8), .unsupportedMediaType),
            ("drawing.jpg", Array("<svg xmlns=\"http://www.w3.org/2000/svg\"/>".utf8), .unsupportedMediaType),
            ("film.jpg", [0, 0, 0, 24] + Array("ftypisom".utf8) + [UInt8](repeating: 0, count: 500), .corruptMedia),
            ("list.mp4", Array("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n".utf8), .unsupportedMediaType),
            ("noise.jpg", (0..<5000).map { _ in .random(in: 1...0x7f) }, .unsupportedMediaType),
            ("truncated.jpg", Array(photo.prefix(photo.count / 2)), .corruptMedia),
            ("beginning.jpg", Array(photo.prefix(3)) + [UInt8](repeating: 0xe0, count: 100), .corruptMedia),
            ("bomb.jpg", jpegHeader(width: 65_535, height: 65_535), .tooManyPixels),
        ]
    }

    /// A JPEG that ends after a frame header with the given size.
    private static func jpegHeader(width: Int, height: Int) -> [UInt8] {
        let size = [UInt8(height >> 8), UInt8(height & 255), UInt8(width >> 8), UInt8(width & 255)]
        let frame: [UInt8] = [0xff, 0xc0, 0, 17, 8] + size + [3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]
        let scan: [UInt8] = [0xff, 0xda, 0, 12, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0]
        return [0xff, 0xd8] + frame + scan + [UInt8](repeating: 0, count: 200) + [0xff, 0xd9]
    }
}
