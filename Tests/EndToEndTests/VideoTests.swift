import Events
import Foundation
import HTTPClient
import Streaming
import TestSupport
import Testing

/// A film goes through the whole pipeline, as a newcomer would send it.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct VideoTests {
    private func film(_ directory: TemporaryDirectory, seconds: Int, size: String = "640x360") throws -> [UInt8] {
        let path = try MediaFile.make(
            "film.mp4", in: directory,
            "-f lavfi -i testsrc2=s=\(size):r=25:d=\(seconds) -f lavfi -i sine=d=\(seconds) -c:v libx264 -preset ultrafast -crf 40 "
                + "-pix_fmt yuv420p -c:a aac")
        return Array(try Data(contentsOf: URL(filePath: path)))
    }

    @Test("a film becomes a stream that keeps every rule, and is delivered with the right types")
    func stream() async throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let stack = try await RunningStack.start(environment: ["MILLRACE_VIDEO_PRESET": "ultrafast"])
        let presigned = try await stack.upload(try film(directory, seconds: 8), named: "film.mp4", type: "video/mp4")
        let status = try await stack.finished(presigned.mediaId, within: .seconds(180))
        #expect(status.status == .ready, "\(String(describing: status.error))")
        let hls = try #require(status.processed.hls)
        let folder = "\(directory.path)/stream"
        try await download(hls, of: stack, into: folder)
        #expect(StreamCheck.findings(in: folder).isEmpty)
        let poster = try await stack.http.send(HTTPClient.Request("GET", try #require(status.processed.poster)))
        #expect(poster.status == 200 && poster.header("content-type") == "image/jpeg")
        #expect(status.processed.dash != nil && status.processed.sprites != nil && !status.processed.thumbnails.isEmpty)
        try await stack.stop()
    }

    @Test("a transcoder that is killed in the middle of its work loses nothing")
    func killed() async throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let work = TemporaryDirectory()
        defer { work.remove() }
        let stack = try await RunningStack.start(
            environment: [
                "MILLRACE_VISIBILITY": "3s", "MILLRACE_VIDEO_PRESET": "ultrafast", "MILLRACE_MEDIA_DIRECTORY": work.path,
            ])
        let presigned = try await stack.upload(try film(directory, seconds: 20), named: "film.mp4", type: "video/mp4")
        for _ in 0..<3 {
            try await eventually(timeout: .seconds(60), "the transcoder works") {
                let seen = try await stack.status(presigned.mediaId)
                return seen.progress > 0 || seen.status.isTerminal
            }
            let killed = try #require(stack.pid(of: "transcoder"))
            try stack.signal("transcoder", SIGKILL)
            try await eventually("it is started again") { stack.pid(of: "transcoder").map { $0 != killed } ?? false }
        }
        let status = try await stack.finished(presigned.mediaId, within: .seconds(240))
        #expect(status.status == .ready, "\(String(describing: status.error))")
        let folder = "\(directory.path)/stream"
        try await download(try #require(status.processed.hls), of: stack, into: folder)
        #expect(StreamCheck.findings(in: folder).isEmpty)
        try await stack.stop()
        #expect(try FileManager.default.contentsOfDirectory(atPath: work.path).isEmpty, "what the killed ones left is swept")
    }

    @Test("what is made first can be played at once; a transcoder that is killed then leaves nothing half published")
    func early() async throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let stack = try await RunningStack.start(
            environment: ["MILLRACE_VISIBILITY": "3s", "MILLRACE_VIDEO_PRESET": "ultrafast", "MILLRACE_TRANSCODE_EARLY": "5s"])
        let presigned = try await stack.upload(
            try film(directory, seconds: 40, size: "1280x720"), named: "film.mp4", type: "video/mp4")
        var early: String?
        try await eventually(timeout: .seconds(120), "something can be played") {
            let seen = try await stack.status(presigned.mediaId)
            #expect(!seen.status.isTerminal)
            early = seen.processed.hls
            return early != nil
        }
        try stack.signal("transcoder", SIGSTOP)
        let first = "\(directory.path)/early"
        try await download(try #require(early), of: stack, into: first)
        #expect(StreamCheck.findings(in: first).isEmpty && FileManager.default.fileExists(atPath: "\(first)/v432"))
        #expect(!FileManager.default.fileExists(atPath: "\(first)/v720"))
        try stack.signal("transcoder", SIGKILL)
        let status = try await stack.finished(presigned.mediaId, within: .seconds(240))
        #expect(status.status == .ready, "\(String(describing: status.error))")
        let folder = "\(directory.path)/whole"
        try await download(try #require(status.processed.hls), of: stack, into: folder)
        #expect(StreamCheck.findings(in: folder).isEmpty && FileManager.default.fileExists(atPath: "\(folder)/v720"))
        try await stack.stop()
    }

    /// Follows the playlists, as a player does.
    private func download(_ master: String, of stack: RunningStack, into folder: String) async throws {
        let base = master.components(separatedBy: "master.m3u8")[0]
        var waiting = ["master.m3u8", "manifest.mpd"]
        var seen: Set<String> = []
        while let name = waiting.popLast() {
            guard seen.insert(name).inserted else { continue }
            let response = try await stack.http.send(HTTPClient.Request("GET", base + name))
            #expect(response.status == 200, "\(name)")
            let path = URL(filePath: "\(folder)/\(name)")
            try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(response.body).write(to: path)
            guard name.hasSuffix(".m3u8") else { continue }
            #expect(response.header("content-type") == "application/vnd.apple.mpegurl")
            let place = name.split(separator: "/").dropLast().map { $0 + "/" }.joined()
            waiting += Self.names(in: response.text).map { place + $0 }
        }
    }

    private static func names(in playlist: String) -> [String] {
        playlist.split(separator: "\n").flatMap { line -> [String] in
            guard line.hasPrefix("#") else { return [String(line)] }
            let parts = line.components(separatedBy: "URI=\"").dropFirst()
            return parts.compactMap { $0.split(separator: "\"").first.map(String.init) }
        }
    }
}
