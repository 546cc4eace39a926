import Events
import FoundationEssentials
import ImageSteps
import Launch
import Messaging
import NIOCore
import NIOPosix
import ObjectStore
import TestSupport
import Testing
import Vips

@Suite struct OriginalsTests {
    private let directory = TemporaryDirectory()
    private let keys = MediaKeys(projectId: ProjectID("demo") ?? { preconditionFailure() }(), mediaId: .generate())
    private var key: String { keys.original(fileName: "a.jpg") }

    private func originals(_ environment: [String: String] = [:], root: String? = nil) throws -> Originals {
        let store = FileStore(root: root ?? directory.path, signingKey: [1], publicURL: "http://localhost")
        return Originals(store: store, threads: .singleton, settings: try ImageSettings(Environment(environment)))
    }

    private func event(_ format: MediaFormat = .jpeg) -> MediaIngested {
        MediaIngested(
            mediaId: keys.mediaId, projectId: keys.projectId, key: key, size: 1, etag: "e", kind: .image, format: format,
            fileName: "a.jpg", plan: [.metadata])
    }

    @Test func theWorkGetsTheBytesAndTheDecoder() async throws {
        defer { directory.remove() }
        let originals = try originals()
        try await originals.store.put(key, ByteBuffer(bytes: [1, 2, 3]), contentType: "image/webp")
        let answer = try await originals.work(on: event(.webp)) { (Array($0), $1) }
        #expect(answer.0 == [1, 2, 3] && answer.1 == .webp)
        #expect(try await originals.work(on: key) { $0.count } == 3)
    }

    @Test(arguments: [
        (VipsError.Code.corrupt, MediaError.Code.corruptMedia), (.tooManyPixels, .tooManyPixels),
        (.unsupported, .unsupportedMediaType),
    ])
    func whatIsTheMediasOwnFaultIsSaid(_ code: VipsError.Code, _ expected: MediaError.Code) async throws {
        defer { directory.remove() }
        let originals = try originals()
        try await originals.store.put(key, ByteBuffer(bytes: [1]), contentType: "image/jpeg")
        let failure = await #expect(throws: Failure.self) {
            try await originals.work(on: event()) { _, _ in throw VipsError(code, "quotes the file") }
        }
        #expect(failure?.kind == .permanent && failure?.mediaError?.code == expected)
        #expect(failure?.reason.contains("quotes") == false)
        // Who does not work for a step judges by himself.
        await #expect(throws: VipsError.self) {
            try await originals.work(on: key) { _ in throw VipsError(code, "quotes the file") }
        }
    }

    @Test func whatIsNotTheMediasFaultIsTriedAgain() async throws {
        defer { directory.remove() }
        let originals = try originals()
        try await originals.store.put(key, ByteBuffer(bytes: [1]), contentType: "image/jpeg")
        let failure = await #expect(throws: Failure.self) {
            try await originals.work(on: event()) { _, _ in throw VipsError(.other, "no memory") }
        }
        #expect(failure?.kind == .transient(delay: nil))
        let away = try self.originals(root: "/dev/null/store")
        let error = await #expect(throws: StoreError.self) { try await away.work(on: event()) { $1 } }
        #expect(error?.isTransient == true)
    }

    @Test func theSizeOfAnOriginalIsLimited() async throws {
        defer { directory.remove() }
        let originals = try originals(["MILLRACE_IMAGE_MAX_BYTES": "10"])
        try await originals.store.put(key, ByteBuffer(repeating: 1, count: 11), contentType: "image/jpeg")
        let error = await #expect(throws: StoreError.self) { try await originals.work(on: event()) { $1 } }
        #expect(error?.code == .tooLarge)
    }

    @Test func settings() throws {
        let settings = try ImageSettings(
            Environment(["MILLRACE_IMAGE_THREADS": "3", "MILLRACE_IMAGE_MAX_PIXELS": "5", "MILLRACE_IMAGE_MAX_BYTES": "7"]))
        #expect((settings.threads, settings.concurrency, settings.limits.maxPixels, settings.maxBytes) == (3, 4, 5, 7))
        #expect(throws: SettingsError.self) { try ImageSettings(Environment(["MILLRACE_IMAGE_THREADS": "0"])) }
    }
}
