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

    init() { store = FileStore(root: directory.path + "/store", signingKey: [1], publicURL: "http://localhost") }

    deinit { directory.remove() }

    /// - Parameter bytes: of the original; nil where there is none.
    private func ingested(_ bytes: String?) async throws -> MediaIngested {
        let project = try #require(ProjectID("demo"))
        let media = MediaID.generate()
        let key = MediaKeys(projectId: project, mediaId: media).original(fileName: "a.mkv")
        var etag = "e"
        if let bytes { etag = try await store.put(key, ByteBuffer(string: bytes), contentType: "video/mp4").etag }
        return MediaIngested(
            mediaId: media, projectId: project, key: key, size: 5, etag: etag, kind: .video, format: .mkv, fileName: "a.mkv",
            plan: [])
    }

    /// Of `work`'s failure.
    private func code(_ originals: LocalOriginals, _ event: MediaIngested) async -> MediaError.Code? {
        let failure = await #expect(throws: Failure.self) { try await originals.work(on: event) { _ in } }
        return failure?.mediaError?.code
    }

    private func originals(_ store: any ObjectStore, _ more: [String: String] = [:]) throws -> LocalOriginals {
        let environment = more.merging(["MILLRACE_MEDIA_DIRECTORY": directory.path]) { $1 }
        return LocalOriginals(store: store, settings: try MediaSettings(Environment(environment)))
    }

    @Test func aFileOfTheStoreIsReadWhereItLies() async throws {
        let event = try await ingested("12345")
        let (path, folder) = try await originals(store).work(on: event) { original in
            let bytes = try Data(contentsOf: URL(filePath: original.path))
            #expect(original.container == .matroska && FileManager.default.fileExists(atPath: original.directory))
            #expect(bytes == Data("12345".utf8))
            return (original.path, original.directory)
        }
        #expect(path.hasSuffix(event.key) && !FileManager.default.fileExists(atPath: folder))
    }

    /// It may get another owner; the directory, which is swept by its owner, must not.
    @Test func aWorkerLivesBelowTheDirectory() async throws {
        let event = try await ingested("12345")
        try await originals(store).work(on: event) { original in
            let folder = try original.makeFolder("worker")
            #expect(folder.hasPrefix("\(original.directory)/") && FileManager.default.fileExists(atPath: folder))
            #expect(throws: Failure.self) { _ = try original.makeFolder("worker") }
        }
        #expect(try leftovers.isEmpty)
    }

    @Test func fromAnotherStoreItIsCopied() async throws {
        let event = try await ingested("12345")
        let path = try await originals(Distant(store: store)).work(on: event) { original in
            let bytes = try Data(contentsOf: URL(filePath: original.path))
            #expect(original.path.hasPrefix(original.directory) && bytes == Data("12345".utf8))
            return original.path
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func whatIsMissingOrTooLargeIsAnError() async throws {
        let missing = try await ingested(nil)
        await #expect { try await originals(store).work(on: missing) { _ in } } throws: {
            ($0 as? StoreError)?.code == .notFound
        }
        let event = try await ingested("12345")
        let few = ["MILLRACE_MEDIA_MAX_BYTES": "4"]
        #expect(await code(try originals(store, few), event) == .limitExceeded)
        #expect(await code(try originals(Distant(store: store), few), event) == .limitExceeded)
        #expect(try leftovers.isEmpty)
    }

    @Test func anOriginalThatWasReplacedIsAnError() async throws {
        let event = try await ingested("12345")
        try await store.put(event.key, ByteBuffer(string: "54321"), contentType: "video/mp4")
        #expect(await code(try originals(store), event) == .originalChanged)
        #expect(await code(try originals(Distant(store: store)), event) == .originalChanged)
        // Between the question and the reading.
        #expect(await code(try originals(Distant(store: store, etag: event.etag)), event) == .originalChanged)
    }

    /// In place its file would be empty.
    @Test func anArchivedOriginalIsAnError() async throws {
        let cold = ColdStorage(.directory(try coldDirectory(directory.path + "/store-cold")), after: .seconds(1), settling: .zero)
        let store = FileStore(root: directory.path + "/store", signingKey: [1], publicURL: "http://localhost", cold: cold)
        let event = try await ingested("12345")
        for _ in 1...2 {
            try await store.archive(try #require(try await store.head(event.key)))
            for store: any ObjectStore in [store, Distant(store: store)] {
                await #expect { try await originals(store).work(on: event) { _ in } } throws: {
                    ($0 as? StoreError)?.code == .archived
                }
            }
        }
        #expect(try leftovers == ["store-cold"])
    }

    /// Somebody has to make room: that takes longer than a minute.
    @Test func aDiskWithoutRoomIsWaitedFor() async throws {
        let event = try await ingested("12345")
        let huge = Distant(store: store, size: 1 << 49)
        let patient = try originals(huge, ["MILLRACE_MEDIA_MAX_BYTES": "\(1 << 50)"])
        let failure = await #expect(throws: Failure.self) { try await patient.work(on: event) { _ in } }
        #expect(failure?.kind == .transient(delay: nil) && failure?.policy == .fullDisk)
        #expect(try leftovers.isEmpty)
    }

    private var leftovers: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0 != "store" }
        }
    }

    @Test func whatDeadServicesLeftIsSwept() async throws {
        let left = "\(directory.path)/\(WorkingDirectories.prefix)left"
        try FileManager.default.createDirectory(atPath: "\(left)/stream/v1", withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(filePath: "\(left)/stream/v1/1.m4s"))
        let foreign = "\(directory.path)/photos"
        try FileManager.default.createDirectory(atPath: foreign, withIntermediateDirectories: true)
        let event = try await ingested("12345")
        let originals = try originals(store)
        try await originals.work(on: event) { original in
            originals.sweep()
            #expect(FileManager.default.fileExists(atPath: original.directory), "its service lives")
        }
        #expect(try leftovers == ["photos"])
    }

    @Test func errorsAreJudged() async throws {
        let event = try await ingested("12345")
        let cases: [(any Error & Sendable, MediaError.Code?)] = [
            (AVError(.unreadable, ""), .corruptMedia), (AVError(.truncated, ""), .corruptMedia),
            (AVError(.unsupported, ""), .unsupportedMediaType), (AVError(.limit, ""), .limitExceeded), (AVError(.io, ""), nil),
            (AVError(.full, ""), nil), (WorkerError(.crashed, ""), .processingFailed),
            (WorkerError(.outOfTime, ""), .stepTimedOut),
            (WorkerError(.killed, ""), nil), (WorkerError(.notStarted, ""), nil), (WorkerError(.failed, ""), nil),
        ]
        let originals = try originals(store)
        for (error, code) in cases {
            await #expect { try await originals.work(on: event) { _ in throw error } } throws: {
                let failure = $0 as? Failure
                let patience = (error as? AVError)?.code == .full ? RetryPolicy.fullDisk : nil
                return failure?.mediaError?.code == code && failure?.policy == patience
                    && failure?.kind == (code == nil ? .transient(delay: nil) : .permanent)
            }
        }
    }

    @Test func everyFilmAndSoundHasADemuxer() {
        for format in MediaFormat.allCases { #expect((Container(format) == nil) == (format.kind == .image)) }
    }
}
