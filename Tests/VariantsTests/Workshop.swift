import Events
import FoundationEssentials
import ImageSteps
import Launch
import Messaging
import NIOCore
import NIOPosix
import ObjectStore
import Steps
import TestSupport

@testable import Variants
@testable import Vips

/// A file store of its own, and the service's parts on top of it.
struct Workshop {
    let directory = TemporaryDirectory()
    let store: FileStore
    let settings: Settings
    let keys = MediaKeys(projectId: ProjectID("shop") ?? { preconditionFailure() }(), mediaId: .generate())

    init(_ environment: [String: String] = [:]) throws {
        store = FileStore(
            root: directory.path + "/store", signingKey: Array(repeating: 7, count: 32), publicURL: "http://localhost",
            cold: ColdStorage(.directory(try coldDirectory(directory.path + "/cold")), settling: .zero))
        settings = try Settings(Environment(environment))
    }

    var originals: Originals { Originals(store: store, threads: .singleton, settings: settings.images) }
    var handler: StepHandler<VariantsStep> { StepHandler(VariantsStep(originals: originals, settings: settings)) }
    var originalKey: String { keys.original(fileName: "photo.jpg") }

    func putOriginal(_ bytes: [UInt8]) async throws -> ObjectInfo {
        // What clients declare is not to be believed.
        try await store.put(originalKey, ByteBuffer(bytes: bytes), contentType: "text/html")
    }

    func ingested(
        etag: String = "tag", format: MediaFormat = .jpeg, plan: [Step] = [.metadata, .variants]
    ) -> Incoming<MediaIngested> {
        let event = MediaIngested(
            mediaId: keys.mediaId, projectId: keys.projectId, key: originalKey, size: 1, etag: etag, kind: .image,
            format: format, fileName: "photo.jpg", plan: plan)
        return Incoming(envelope: Envelope(event, id: "cause", source: "test", trace: .random()), attempt: 1)
    }

    func stored(_ key: String) async throws -> [UInt8] {
        Array(buffer: try await store.readAll(key, limit: 1 << 30))
    }
}

/// A picture with a red, a green, a blue and a white corner.
func photo(width: Int, height: Int) throws -> VipsImage {
    let corners: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]
    let dots = try VipsImage(Pixels(width: 2, height: 2, bands: 3, bytes: corners))
    return try dots.smaller(width: width, height: height)
}

/// The only event of a commit.
func event<Body: Event>(_ type: Body.Type, in commit: Commit) throws -> Envelope<Body>? {
    guard commit.outputs.count == 1, commit.changes.isEmpty, let output = commit.outputs.first else { return nil }
    guard output.stream == Body.stream else { return nil }
    return try EventCoding.decode(Envelope<Body>.self, from: Data(output.payload.utf8))
}
