import Events
import FoundationEssentials
import ImageSteps
import Launch
import MediaSteps
import Messaging
import NIOCore
import NIOPosix
import ObjectStore
import Sandbox
import Steps
import TestSupport
import Testing

@testable import Metadata

/// The step with a store, and with workers started from the service's own executable.
final class FilmRig {
    let directory = TemporaryDirectory()
    let store: FileStore
    let handler: StepHandler<MetadataStep>

    static let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "metadata").path

    init(_ environment: [String: String] = [:], executable: String = executable) throws {
        store = FileStore(root: directory.path + "/store", signingKey: [1], publicURL: "http://localhost")
        let work = directory.path + "/work"
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        let environment = Environment(environment.merging(["MILLRACE_MEDIA_DIRECTORY": work]) { $1 })
        let pictures = Originals(store: store, threads: .singleton, settings: try ImageSettings(environment))
        let films = FilmInspection(
            originals: LocalOriginals(store: store, settings: try MediaSettings(environment)),
            worker: Worker(FilmProbe.mode, executable: executable))
        handler = StepHandler(MetadataStep(originals: pictures, films: films))
    }

    deinit { directory.remove() }

    /// What workers have left behind.
    var leftovers: [String] { (try? FileManager.default.contentsOfDirectory(atPath: directory.path + "/work")) ?? [] }

    /// What the step answers about a film that `ffmpeg` makes.
    func answer(_ format: MediaFormat, _ arguments: String) async throws -> (result: MetadataResult, warnings: [MediaWarning]) {
        let path = try MediaFile.make("made.\(format == .ogv ? "ogv" : format.rawValue)", in: directory, arguments)
        let commit = try await handler.handle(try await ingested(format, [UInt8](try Data(contentsOf: URL(filePath: path)))))
        let event = try #require(try Self.event(StepCompleted.self, of: commit))
        guard case .metadata(let result) = event.result else { throw ProcessError(description: "no metadata") }
        return (result, event.warnings)
    }

    /// How it refuses some bytes.
    func refusal(_ format: MediaFormat, _ bytes: [UInt8]) async throws -> MediaError.Code? {
        try Self.event(StepFailed.self, of: try await handler.handle(try await ingested(format, bytes)))?.error.code
    }

    func ingested(_ format: MediaFormat, _ bytes: [UInt8]) async throws -> Incoming<MediaIngested> {
        let project = try #require(ProjectID("demo"))
        let media = MediaID.generate()
        let key = MediaKeys(projectId: project, mediaId: media).original(fileName: "a.\(format.rawValue)")
        let etag = try await store.put(key, ByteBuffer(bytes: bytes), contentType: format.contentType).etag
        let event = MediaIngested(
            mediaId: media, projectId: project, key: key, size: Int64(bytes.count), etag: etag, kind: format.kind, format: format,
            fileName: "a", plan: [.metadata, .transcode])
        return Incoming(
            envelope: Envelope(event, id: "cause", source: "ingest-listener", trace: .random()), attempt: 1)
    }

    /// Nil where the step answered otherwise.
    private static func event<Body: Event>(_ type: Body.Type, of commit: Commit) throws -> Body? {
        let bytes = Data(try #require(commit.outputs.first).payload.utf8)
        let header = try EventCoding.decode(EnvelopeHeader.self, from: bytes)
        return header.type == Body.type ? try EventCoding.decode(Envelope<Body>.self, from: bytes).data : nil
    }
}
