import AV
import Events
import FoundationEssentials
import Glibc
import Launch
import MediaSteps
import Messaging
import NIOCore
import ObjectStore
import Sandbox
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

    private func step(
        _ environment: [String: String] = [:], _ change: (inout Settings) -> Void = { _ in }
    ) throws -> TranscodeHandler {
        let work = "\(directory.path)/work"
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        let standard = [
            "MILLRACE_MEDIA_DIRECTORY": work, "MILLRACE_VIDEO_PRESET": "ultrafast", "MILLRACE_TRANSCODE_EARLY": "5s",
        ]
        var settings = try Settings(Environment(standard.merging(environment) { $1 }))
        change(&settings)
        let originals = LocalOriginals(store: store, settings: settings.media)
        return TranscodeHandler(
            TranscodeStep(
                bus: bus, originals: originals, settings: settings, worker: Worker("transcode", executable: Workshop.executable)))
    }

    private func put(_ path: String) async throws {
        let bytes = try Data(contentsOf: URL(filePath: path))
        let key = keys.original(fileName: "film.mp4")
        etag = try await store.put(key, ByteBuffer(bytes: bytes), contentType: "text/html").etag
    }

    private var etag = "tag"

    private func ingested(_ format: MediaFormat = .mp4) -> Incoming<TranscodeRequested> {
        let event = MediaIngested(
            mediaId: keys.mediaId, projectId: keys.projectId, key: keys.original(fileName: "film.mp4"), size: 1, etag: etag,
            kind: .video, format: format, fileName: "film.mp4", plan: [.metadata, .transcode])
        let envelope = Envelope(TranscodeRequested(event), id: "cause", source: "test", trace: .random())
        return Incoming(envelope: envelope, attempt: 1)
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
        let events = try await bus.published(on: .steps).map {
            try EventCoding.decode(Envelope<StepProgress>.self, from: Data($0.utf8))
        }
        let told = events.map(\.data)
        #expect(told.map(\.progress) == told.map(\.progress).sorted() && told.first?.progress == 0)
        #expect(zip(events, events.dropFirst()).allSatisfy { $1.time.timeIntervalSince($0.time) > 0.99 })
        #expect(Set(events.map(\.id)).count == events.count)
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

    /// Whatever a worker says, and leaves in its folder.
    @Test func noMoreIsPublishedThanAllowed() async throws {
        let result = TranscodeResult(
            hls: "master.m3u8", dash: "manifest.mpd", poster: nil, sprites: nil, thumbnails: [], duration: 1, renditions: [],
            sounds: [], subtitles: [], isComplete: true)
        let publication = Publication(store: store, prefix: keys.derived("stream/x/"), attempt: "a", limit: 10)
        let text = Stage.Text(name: "1.vtt", text: "123456")
        _ = try await publication.publish(Stage(files: [], texts: [text], result: result), from: directory.path)
        let error = await #expect(throws: AVError.self) {
            _ = try await publication.publish(Stage(files: [], texts: [text], result: result), from: directory.path)
        }
        #expect(error?.code == .limit)
    }

    @Test func aBrokenFileIsAnAnswer() async throws {
        let path = "\(directory.path)/broken"
        try Data("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n".utf8).write(to: URL(filePath: path))
        try await put(path)
        let failed = try answer(StepFailed.self, in: try await step().handle(ingested()))
        #expect(failed.error.code == .corruptMedia && failed.error.step == .transcode)
    }

    @Test func aMissingOriginalIsAnAnswer() async throws {
        let event = ingested()
        let commit = try await step().handle(event)
        #expect(try answer(StepFailed.self, in: commit).error.code == .originalMissing)
        // It belongs to the work on this delivery.
        let output = try #require(commit.outputs.first)
        let header = try EventCoding.decode(EnvelopeHeader.self, from: Data(output.payload.utf8))
        #expect(header.traceparent == event.trace.rawValue)
    }

    @Test func timeThatRunsOutIsAnAnswer() async throws {
        try await put(try film)
        let failed = try answer(StepFailed.self, in: try await step(["MILLRACE_TRANSCODE_TIMEOUT": "300ms"]).handle(ingested()))
        #expect(failed.error.code == .stepTimedOut)
    }

    @Test func workThatNeedsTooMuchIsAnAnswer() async throws {
        try await put(try film)
        let tooLong = try answer(StepFailed.self, in: try await step { $0.maxOutput = 50_000 }.handle(ingested()))
        #expect(tooLong.error.code == .limitExceeded)
        let tooLarge = try answer(StepFailed.self, in: try await step { $0.worker.fileSize = 20_000 }.handle(ingested()))
        #expect(tooLarge.error.code == .limitExceeded)
        #expect(try await store.list(prefix: keys.derived("stream/"), startAfter: nil, limit: 1).isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(directory.path)/work").isEmpty)
    }

    /// However a worker's memory ends: it is given up at once.
    @Test(arguments: [160, 200, 260, 340]) func aWorkerWithoutMemoryIsNotTriedAgain(_ mebibytes: Int) async throws {
        let path = try MediaFile.make(
            "film.mp4", in: directory, "-f lavfi -i testsrc2=s=2560x1440:r=25:d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p"
        )
        try await put(path)
        do {
            let answered = try await step { $0.worker.memory = mebibytes << 20 }.handle(ingested())
            let error = try answer(StepFailed.self, in: answered).error
            #expect([.limitExceeded, .processingFailed].contains(error.code))
        } catch let failure as Failure {
            #expect(failure.kind == .permanent, "\(failure)")
        }
    }

    @Test func anOriginalThatWasReplacedIsAnAnswer() async throws {
        try await put(try film)
        let event = ingested()
        try await store.put(event.event.media.key, ByteBuffer(string: "other"), contentType: "video/mp4")
        let failed = try answer(StepFailed.self, in: try await step().handle(event))
        #expect(failed.error.code == .originalChanged && failed.error.step == .transcode)
    }

    /// One of two was thought dead: nothing of one gets into the other's folder, and both answer the same.
    @Test func twoAtATimeDoNotMix() async throws {
        try await put(try film)
        let event = ingested()
        let (first, second) = (try step(), try step(["MILLRACE_TRANSCODE_THREADS": "3"]))
        async let one = first.handle(event)
        async let other = second.handle(event)
        let results = [try result(try await one), try result(try await other)]
        #expect(results[0] == results[1])
        #expect(StreamCheck.findings(in: try await download(results[0])).isEmpty)
        let folder = results[0].hls.dropLast(HLSWriter.masterPlaylist.count)
        let there = try await store.list(prefix: keys.derived("stream/"), startAfter: nil, limit: 1000).map(\.key)
        #expect(there.filter { !$0.hasPrefix(folder) }.map { $0.hasSuffix("/note.json") } == [true], "one folder and one note")
        // Whoever asks later gets the first one's.
        #expect(try result(try await step().handle(event)) == results[0])
    }

    @Test func whatUnfinishedAttemptsLeftIsRemoved() async throws {
        try await put(try film)
        let step = try step()
        let event = ingested()
        let work = Task { try await step.handle(event) }
        try await eventually(timeout: .seconds(60), "something can be played") {
            try await self.store.list(prefix: self.keys.derived("stream/"), startAfter: nil, limit: 1000)
                .contains { $0.key.hasSuffix("manifest.mpd") }
        }
        work.cancel()
        await #expect(throws: (any Error).self) { try await work.value }
        let left = try await store.list(prefix: keys.derived("stream/"), startAfter: nil, limit: 1000).map(\.key)
        let result = try result(try await step.handle(event))
        let folder = result.hls.dropLast(HLSWriter.masterPlaylist.count)
        let there = try await store.list(prefix: keys.derived("stream/"), startAfter: nil, limit: 1000).map(\.key)
        #expect(!left.isEmpty && Set(left).isDisjoint(with: there))
        #expect(there.filter { !$0.hasPrefix(folder) }.count == 1, "the note")
    }

    @Test func whatIsGivenUpLeavesNothingBehind() async throws {
        try await put(try film)
        let step = try step()
        let event = ingested()
        let half = keys.derived("stream/")
        let work = Task { try await step.handle(event) }
        try await eventually(timeout: .seconds(60), "something can be played") {
            try await self.store.list(prefix: half, startAfter: nil, limit: 1000).contains { $0.key.hasSuffix("manifest.mpd") }
        }
        work.cancel()
        await #expect(throws: (any Error).self) { try await work.value }
        let failed = try answer(StepFailed.self, in: try await step.abandon(event, because: .permanent("enough")))
        #expect(failed.error.code == .processingFailed)
        #expect(try await store.list(prefix: half, startAfter: nil, limit: 1000).isEmpty)
        // What is whole stays.
        let whole = try result(try await step.handle(event))
        _ = try await step.abandon(event, because: .permanent("enough"))
        #expect(try await store.head(whole.hls) != nil)
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
        #expect(Self.workers(in: "\(directory.path)/work").isEmpty, "it was waited for")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(directory.path)/work").isEmpty)
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
