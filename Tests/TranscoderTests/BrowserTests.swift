import AV
import Events
import FoundationEssentials
import TestSupport
import Testing

@testable import Transcoder

/// The proof of the whole: a browser plays what was made. It is Chromium, which reads HLS by itself; the page in `Tests/Browser` looks
/// on and reports.
@Suite(.serialized) struct BrowserTests {
    private let shop = Workshop()

    /// What the page saw.
    private struct Report: Decodable {
        struct Native: Decodable {
            let duration, time: Double
            let frames, framesLater, sound: Int
            let first, later: [Int]
        }

        struct Switching: Decodable {
            let ranges, sizes: [[Double]]
            let frames: Int
        }

        let canPlay: String?
        let native: Native?
        let switching: Switching?
        let error: String?
    }

    private static let hasChromium = (try? ChildProcess.run(["which", "chromium"])) != nil

    @Test func aBrowserPlaysSeeksAndSwitches() async throws {
        guard Self.hasChromium else {
            print("NOT TESTED: no browser has played a stream here. Install Debian's chromium.")
            if ProcessInfo.processInfo.environment["CI"] != nil { Issue.record("CI has no Chromium") }
            return
        }
        let colours = ["red", "blue"].map { "-f lavfi -i color=\($0):s=854x480:r=30:d=10" }.joined(separator: " ")
        let path = try shop.film(
            "a.mp4",
            "\(colours) -f lavfi -i sine=d=20 -filter_complex [0][1]concat,noise=alls=6:allf=t,format=yuv420p[v] -map [v] -map 2 "
                + "\(Workshop.x264) -c:a aac")
        #expect(shop.sizes(try await shop.result(path, .mp4)) == ["854x480", "416x234"])
        let report = try await play(folder: "\(shop.directory.path)/stream")
        #expect(report.error == nil)
        let native = try #require(report.native)
        #expect(abs(native.duration - 20) < 0.2 && native.frames > 30 && native.sound > 0)
        #expect(distance(native.first, [255, 0, 0]) < 30, "\(native.first)")
        // After the seek to 13 s there are new pictures, and they are those of that time.
        #expect(native.time > 14 && native.framesLater > 10 && distance(native.later, [0, 0, 255]) < 30, "\(native)")
        let switching = try #require(report.switching)
        #expect(switching.ranges.count == 1 && switching.frames >= 530, "\(switching)")
        #expect(switching.sizes.map { $0[0] } == [480, 234])
        #expect(zip(switching.sizes, [6.0, 12.0]).allSatisfy { abs($0.0[1] - $0.1) < 1 }, "\(switching.sizes)")
    }

    private func play(folder: String) async throws -> Report {
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path + "/Browser"
        let report = "\(shop.directory.path)/report"
        let server = try ChildProcess(["python3", "\(page)/serve.py", folder, "\(page)/player.html", report])
        defer { server.kill() }
        try await eventually("the server listens") { FileManager.default.fileExists(atPath: "\(report).port") }
        let port = try String(contentsOf: URL(filePath: "\(report).port"), encoding: .utf8)
        let browser = try ChildProcess([
            "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--autoplay-policy=no-user-gesture-required", "--user-data-dir=\(shop.directory.path)/profile",
            "http://127.0.0.1:\(port)/",
        ])
        defer { browser.kill() }
        try await eventually(timeout: .seconds(150), "the page reports") { FileManager.default.fileExists(atPath: report) }
        return try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(filePath: report)))
    }
}
