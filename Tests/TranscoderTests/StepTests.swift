import AV
import Events
import FoundationEssentials
import Glibc
import Launch
import Messaging
import NIOCore
import ObjectStore
import Sandbox
import Steps
import Streaming
import TestSupport
import Testing

@testable import Transcoder

/// The service's step, with a worker in a process of its own, on a store of files.
@Suite(.serialized) final class StepTests {
    let directory = TemporaryDirectory()
    let bus = MemoryBus()
    let keys = MediaKeys(projectId: ProjectID("shop") ?? { preconditionFailure() }(), mediaId: .generate())
    deinit { directory.remove() }

    private var store: FileStore {
        FileStore(root: directory.path, signingKey: Array(repeating: 7, count: 32), publicURL: "http://localhost")
    }

    /// The service's executable, beside that of the tests.
    private static let executable: String = {
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/transcoder"
    }()

    private func step(_ environment: [String: String] = [:]) throws -> StepHandler<TranscodeStep> {
        let work = "\(directory.path)/work"
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        let standard = [
            "MILLRACE_TRANSCODE_DIRECTORY": work, "MILLRACE_VIDEO_PRESET": "ultrafast", "MILLRACE_TRANSCODE_EARLY": "5s",
        ]
        let settings = try Settings(Environment(standard.merging(environment) { $1 }))
        return StepHandler(
            TranscodeStep(bus: bus, store: store, settings: settings, worker: Worker("transcode", executable: Self.executable)))
    }

    private func put(_ path: String) async throws {
        let bytes = try Data(contentsOf: URL(filePath: path))
        try await store.put(keys.original(fileName: "film.mp4"), ByteBuffer(bytes: bytes), contentType: "text/html")
    }

    private func ingested(_ format: MediaFormat = .mp4) -> Incoming<MediaIngested> {
        let event = MediaIngested(
            mediaId: keys.mediaId, projectId: keys.projectId, key: keys.original(fileName: "film.mp4"), size: 1, etag: "tag",
            kind: .video, format: format, fileName: "film.mp4", plan: [.metadata, .transcode])
        return Incoming(envelope: Envelope(event, id: "cause", source: "test", trace: .random()), attempt: 1)
    }

    private func answer<Body: Event>(_ type: Body.Type, in commit: Commit) throws -> Body {
        let output = try #require(commit.outputs.first)
        return try EventCoding.decode(Envelope<Body>.self, from: Data(output.payload.utf8)).data
    }

    private func result(_ commit: Commit) throws -> TranscodeResult {
        guard case .transcode(let result) = try answer(StepCompleted.self, in: commit).result else {
            throw AVError(.other, "no result of a transcoding")
        }
        return result
    }

    private var film: String {
        get throws {
            try MediaFile.make(
                "film.mp4", in: directory,
                "-f lavfi -i testsrc2=s=640x360:r=25:d=7 -f lavfi -i sine=d=7 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac"
            )
        }
    }

    /// Everything below the stream's prefix, put back into a folder.
    private func download(_ result: TranscodeResult) async throws -> String {
        let prefix = String(result.hls.dropLast(HLSWriter.masterPlaylist.count))
        let folder = "\(directory.path)/downloaded"
        for object in try await store.list(prefix: prefix, startAfter: nil, limit: 1000) {
            let path = "\(folder)/\(object.key.dropFirst(prefix.count))"
            try FileManager.default.createDirectory(
                atPath: path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }, withIntermediateDirectories: true)
            let bytes = try await store.readAll(object.key, limit: 1 << 30)
            try Data(bytes.readableBytesView).write(to: URL(filePath: path))
        }
        return folder
    }

    @Test func aFilmIsPublished() async throws {
        try await put(try film)
        let result = try result(try await step().handle(ingested()))
        #expect(result.isComplete && result.renditions.map(\.width) == [640, 416] && result.sounds == ["und"])
        #expect(result.hls.hasPrefix(keys.derived("stream/")) && result.poster != nil && result.sprites != nil)
        #expect(try await store.head(result.hls)?.contentType == "application/vnd.apple.mpegurl")
        #expect(try await store.head(result.dash)?.contentType == "application/dash+xml")
        #expect(StreamCheck.findings(in: try await download(result)).isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(directory.path)/work").isEmpty)
    }

    @Test func whatCanBePlayedIsToldEarly() async throws {
        try await put(try film)
        _ = try await step().handle(ingested())
        let told = try await bus.published(on: .steps).map {
            try EventCoding.decode(Envelope<StepProgress>.self, from: Data($0.utf8)).data
        }
        #expect(told.map(\.progress) == told.map(\.progress).sorted())
        let playable = told.compactMap { event -> TranscodeResult? in
            if case .transcode(let result) = event.result { result } else { nil }
        }
        #expect(playable.map(\.renditions.count) == [1] && playable.allSatisfy { !$0.isComplete })
    }

    @Test func whatIsPublishedIsAnsweredAtOnce() async throws {
        try await put(try film)
        let first = try result(try await step().handle(ingested()))
        // Nothing is read again: the original is gone.
        try await store.delete(keys.original(fileName: "film.mp4"))
        #expect(try result(try await step().handle(ingested())) == first)
    }

    @Test func aBrokenFileIsAnAnswer() async throws {
        let path = "\(directory.path)/broken"
        try Data("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n".utf8).write(to: URL(filePath: path))
        try await put(path)
        let failed = try answer(StepFailed.self, in: try await step().handle(ingested()))
        #expect(failed.error.code == .corruptMedia && failed.error.step == .transcode)
    }

    @Test func aMissingOriginalIsAnAnswer() async throws {
        let failed = try answer(StepFailed.self, in: try await step().handle(ingested()))
        #expect(failed.error.code == .originalMissing)
    }

    @Test func timeThatRunsOutIsAnAnswer() async throws {
        try await put(try film)
        let failed = try answer(StepFailed.self, in: try await step(["MILLRACE_TRANSCODE_TIMEOUT": "300ms"]).handle(ingested()))
        #expect(failed.error.code == .processingFailed)
    }

    @Test func aKilledWorkerIsTriedAgain() async throws {
        try await put(try film)
        let step = try step()
        let event = ingested()
        let work = Task { try await step.handle(event) }
        try await eventually("a worker runs") { Self.workers(in: "\(self.directory.path)/work").isEmpty == false }
        for pid in Self.workers(in: "\(directory.path)/work") { kill(pid, SIGKILL) }
        let failure = await #expect(throws: Failure.self) { try await work.value }
        if case .transient? = failure?.kind {} else { Issue.record("\(String(describing: failure))") }
        // Nothing is half published: the next try does it all.
        #expect(try result(try await step.handle(event)).isComplete)
    }

    @Test func aCancelledStepEndsItsWorker() async throws {
        try await put(try film)
        let step = try step()
        let event = ingested()
        let work = Task { try await step.handle(event) }
        try await eventually("a worker runs") { Self.workers(in: "\(self.directory.path)/work").isEmpty == false }
        work.cancel()
        await #expect(throws: (any Error).self) { try await work.value }
        try await eventually("its worker has ended") { Self.workers(in: "\(self.directory.path)/work").isEmpty }
    }

    /// Processes that live below a directory.
    private static func workers(in directory: String) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { pid in
            let home = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")
            return home?.hasPrefix(directory) ?? false
        }
    }
}
