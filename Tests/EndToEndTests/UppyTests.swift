import Events
import Foundation
import HTTPClient
import S3
import TestSupport
import Testing

/// Uppy itself, in a browser, on a page of another origin: straight into a bucket of a real S3 server. Neither Debian nor PyPI has Uppy, so
/// who has its bundle (`dist/uppy.min.js` of its package) names it: `MILLRACE_TEST_UPPY=/path/to/uppy.min.js`.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: RGWServer.canRun && UppyBundle.isThere))
struct UppyTests {
    private struct Report: Decodable {
        struct Upload: Decodable {
            let parts: Int?
            let successful: Int
            let url: String?
        }

        let version: String
        let errors: [String]
        let partsWhenPaused: Int?
        let isPaused: Bool?
        let inParts, whole: Upload?
        let cancelled: Bool?
    }

    @Test("Uppy pauses, goes on, cancels, and sends small files, and every picture becomes ready")
    func uppy() async throws {
        let (stack, client) = try await start()
        let folder = TemporaryDirectory()
        defer { folder.remove() }
        // What follows a JPEG's end is nobody's business.
        let bytes = try Samples.photo + [UInt8](repeating: 7, count: 18 << 20)
        try Data(bytes).write(to: URL(filePath: folder.path + "/picture.jpg"))
        try FileManager.default.copyItem(atPath: UppyBundle.path, toPath: folder.path + "/uppy.js")
        let report = try await visit(folder, stack)
        #expect(report.version.hasPrefix("5.") && report.errors.isEmpty && report.cancelled == true)
        let parts = (bytes.count + (5 << 20) - 1) / (5 << 20)
        let (inParts, paused) = (try #require(report.inParts), try #require(report.partsWhenPaused))
        #expect(report.isPaused == true && (1...2).contains(paused))
        #expect(inParts.successful == 1 && inParts.parts == parts && inParts.url?.hasSuffix("/original/paused.jpg") == true)
        #expect(report.whole?.successful == 1)
        try await eventually(timeout: .seconds(60), "both are ready") { try await stack.list("ready").count >= 2 }
        for media in try await stack.list("ready") {
            let name = try await stack.status(media).fileName
            #expect(try await stack.call("GET", "/files/projects/demo/\(media)/original/\(name)").body == bytes)
        }
        #expect(try await stack.list("ready").count == 2)
        #expect(try await stack.list("uploading").isEmpty)
        try await eventually("nothing is left of what was cancelled") { try await client.uploads(prefix: "").isEmpty }
        try await stack.stop()
    }

    /// The bucket says by an event that a small file is there, and lets pages upload.
    private func start() async throws -> (RunningStack, S3Client) {
        let server = try await RGWServer.shared()
        let client = try await server.bucket("/media")
        let token = ["MILLRACE_EVENTS_TOKEN": "a-token-of-the-store"]
        let environment = server.settings.merging(token) { $1 }
        let store = ["STORE": "s3://\(client.location.bucket)/media"]
        let stack = try await RunningStack.start(environment: environment.merging(store) { $1 })
        let setup = try Build.run(
            "millrace", ["bucket", "setup", "--yes", "--notify-url", "\(stack.url)/events/s3"],
            environment: Build.environment(state: stack.directory.path, port: stack.port).merging(environment) { $1 }
                .merging(server.tlsSettings) { $1 }.merging(["MILLRACE_STORE": "s3://\(client.location.bucket)/media"]) { $1 })
        #expect(setup.status == 0, "\(setup.output)")
        return (stack, client)
    }

    private func visit(_ folder: TemporaryDirectory, _ stack: RunningStack) async throws -> Report {
        let page = Build.root.appending(path: "Tests/Browser").path
        let report = "\(folder.path)/report"
        let server = try ChildProcess(["python3", "\(page)/serve.py", folder.path, "\(page)/uppy.html", report])
        defer { server.kill() }
        try await eventually("the server listens") { FileManager.default.fileExists(atPath: "\(report).port") }
        let port = try String(contentsOfFile: "\(report).port", encoding: .utf8)
        let browser = try ChildProcess([
            "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--user-data-dir=\(folder.path)/profile",
            "http://127.0.0.1:\(port)/?endpoint=\(stack.url)/api/v2/uppy&key=\(stack.apiKey)",
        ])
        defer { browser.kill() }
        try await eventually(timeout: .seconds(200), "the page reports") { FileManager.default.fileExists(atPath: report) }
        return try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(filePath: report)))
    }
}

private enum UppyBundle {
    static let path = ProcessInfo.processInfo.environment["MILLRACE_TEST_UPPY"] ?? ""

    static let isThere: Bool = {
        if path.isEmpty { print("NOT TESTED: Uppy itself. Name its bundle: MILLRACE_TEST_UPPY=/path/to/uppy.min.js") }
        return !path.isEmpty
    }()
}
