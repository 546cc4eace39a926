import Events
import FoundationEssentials
import ImageSteps
import Launch
import MediaSteps
import Messaging
import NIOCore
import NIOPosix
import ObjectStore
import Steps
import TestSupport
import Testing
import Vips

@testable import Metadata

@Suite struct MetadataStepTests {
    private let directory = TemporaryDirectory()
    private let store: FileStore

    init() { store = FileStore(root: directory.path, signingKey: [1], publicURL: "http://localhost") }

    private func handler(_ environment: [String: String] = [:]) throws -> StepHandler<MetadataStep> {
        let environment = Environment(environment)
        let films = LocalOriginals(store: store, settings: try MediaSettings(environment))
        let pictures = Originals(store: store, threads: .singleton, settings: try ImageSettings(environment))
        return StepHandler(MetadataStep(originals: pictures, films: FilmInspection(originals: films)))
    }

    /// An event about `bytes`, which are put into the store unless they are nil.
    private func ingested(_ bytes: [UInt8]?) async throws -> Incoming<MediaIngested> {
        let project = try #require(ProjectID("demo"))
        let media = MediaID.generate()
        let key = MediaKeys(projectId: project, mediaId: media).original(fileName: "a.jpg")
        if let bytes { try await store.put(key, ByteBuffer(bytes: bytes), contentType: "image/jpeg") }
        let event = MediaIngested(
            mediaId: media, projectId: project, key: key, size: Int64(bytes?.count ?? 0), etag: "e", kind: .image,
            format: .jpeg, fileName: "a.jpg", plan: [.metadata, .variants])
        return Incoming(
            envelope: Envelope(event, id: "cause", source: "ingest-listener", trace: .random()), attempt: 1)
    }

    private func output<Body: Event>(_ commit: Commit, _ type: Body.Type) throws -> Envelope<Body> {
        #expect(commit.changes.isEmpty)
        #expect(commit.outputs.map(\.stream) == [.steps])
        return try EventCoding.decode(Envelope<Body>.self, from: Data(try #require(commit.outputs.first).payload.utf8))
    }

    private func failure(_ commit: Commit) throws -> MediaError { try output(commit, StepFailed.self).data.error }

    @Test func answersWithTheResult() async throws {
        let incoming = try await ingested(Sample.jpeg(Sample.scene(120, 80), exif: TIFFBlock.camera().bytes))
        let envelope = try output(try await handler().handle(incoming), StepCompleted.self)
        #expect(envelope.source == "/metadata" && envelope.id == "cause-metadata")
        #expect(envelope.data.step == .metadata)
        guard case .metadata(let result) = envelope.data.result else { return #expect(Bool(false), "not a metadata result") }
        #expect((result.width, result.height) == (80, 120))
        #expect(result.exif?.make == "Fuji")
    }

    @Test func whatIsTheMediasOwnFaultIsAnswered() async throws {
        let corrupt = try await ingested([UInt8](repeating: 7, count: 1000))
        #expect(try failure(try await handler().handle(corrupt)).code == .corruptMedia)
        let huge = try await ingested(Sample.jpeg(claiming: 65_535, 65_535))
        #expect(try failure(try await handler().handle(huge)).code == .tooManyPixels)
        let missing = try await ingested(nil)
        #expect(try failure(try await handler().handle(missing)).code == .originalMissing)
        #expect(try failure(try await handler().handle(missing)).step == .metadata)
    }

    @Test func theLimitsAreSettings() async throws {
        let incoming = try await ingested(Sample.file(Sample.scene(60, 40), .jpeg))
        let fewPixels = try handler(["MILLRACE_IMAGE_MAX_PIXELS": "2399"])
        #expect(try failure(try await fewPixels.handle(incoming)).code == .tooManyPixels)
        let fewBytes = try handler(["MILLRACE_IMAGE_MAX_BYTES": "100"])
        #expect(try failure(try await fewBytes.handle(incoming)).code == .processingFailed)
    }
}
