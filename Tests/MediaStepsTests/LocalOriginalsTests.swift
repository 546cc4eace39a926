import AV
import Events
import FoundationEssentials
import Launch
import Messaging
import NIOCore
import ObjectStore
import Sandbox
import TestSupport
import Testing

@testable import MediaSteps

@Suite final class LocalOriginalsTests {
    private let directory = TemporaryDirectory()
    private let store: FileStore
    private let event: MediaIngested

    init() throws {
        store = FileStore(root: directory.path + "/store", signingKey: [1], publicURL: "http://localhost")
        let project = try #require(ProjectID("demo"))
        let media = MediaID.generate()
        event = MediaIngested(
            mediaId: media, projectId: project, key: MediaKeys(projectId: project, mediaId: media).original(fileName: "a.mkv"),
            size: 5, etag: "e", kind: .video, format: .mkv, fileName: "a.mkv", plan: [])
    }

    deinit { directory.remove() }

    private func originals(_ store: any ObjectStore, _ more: [String: String] = [:]) throws -> LocalOriginals {
        let environment = more.merging(["MILLRACE_MEDIA_DIRECTORY": directory.path]) { $1 }
        return LocalOriginals(store: store, settings: try MediaSettings(Environment(environment)))
    }

    @Test func aFileOfTheStoreIsReadWhereItLies() async throws {
        try await store.put(event.key, ByteBuffer(string: "12345"), contentType: "video/mp4")
        let (path, folder) = try await originals(store).work(on: event) { original in
            let bytes = try Data(contentsOf: URL(filePath: original.path))
            #expect(original.container == .matroska && FileManager.default.fileExists(atPath: original.directory))
            #expect(bytes == Data("12345".utf8))
            return (original.path, original.directory)
        }
        #expect(path.hasSuffix(event.key) && !FileManager.default.fileExists(atPath: folder))
    }

    @Test func fromAnotherStoreItIsCopied() async throws {
        try await store.put(event.key, ByteBuffer(string: "12345"), contentType: "video/mp4")
        let path = try await originals(Distant(store: store)).work(on: event) { original in
            let bytes = try Data(contentsOf: URL(filePath: original.path))
            #expect(original.path.hasPrefix(original.directory) && bytes == Data("12345".utf8))
            return original.path
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func whatIsMissingOrTooLargeIsAnError() async throws {
        await #expect { try await originals(store).work(on: event) { _ in } } throws: { ($0 as? StoreError)?.code == .notFound }
        try await store.put(event.key, ByteBuffer(string: "12345"), contentType: "video/mp4")
        let few = try originals(store, ["MILLRACE_MEDIA_MAX_BYTES": "4"])
        await #expect { try await few.work(on: event) { _ in } } throws: { ($0 as? StoreError)?.code == .tooLarge }
    }

    @Test func errorsAreJudged() async throws {
        try await store.put(event.key, ByteBuffer(string: "12345"), contentType: "video/mp4")
        let cases: [(any Error & Sendable, MediaError.Code?)] = [
            (AVError(.unreadable, ""), .corruptMedia), (AVError(.truncated, ""), .corruptMedia),
            (AVError(.unsupported, ""), .unsupportedMediaType), (AVError(.limit, ""), .limitExceeded), (AVError(.io, ""), nil),
            (WorkerError(.crashed, ""), .processingFailed), (WorkerError(.outOfTime, ""), .limitExceeded),
            (WorkerError(.killed, ""), nil), (WorkerError(.notStarted, ""), nil), (WorkerError(.failed, ""), nil),
        ]
        let originals = try originals(store)
        for (error, code) in cases {
            await #expect { try await originals.work(on: event) { _ in throw error } } throws: {
                let failure = $0 as? Failure
                return failure?.mediaError?.code == code && failure?.kind == (code == nil ? .transient(delay: nil) : .permanent)
            }
        }
    }

    @Test func everyFilmAndSoundHasADemuxer() {
        for format in MediaFormat.allCases { #expect((Container(format) == nil) == (format.kind == .image)) }
    }
}
