import FoundationEssentials
import Glibc
import NIOCore
import TestSupport
import Testing

@testable import ObjectStore

/// A directory plays the class.
@Suite struct FileStoreColdTests {
    private static let bytes = ByteBuffer(repeating: 7, count: 300_000)
    private let files = FileManager.default
    private let directory = TemporaryDirectory()

    init() throws {
        try coldDirectory(directory.path + "/cold")
    }

    private func store(
        restoredFor: Duration = .seconds(3600), settling: Duration = .zero, cold: String? = nil
    ) -> FileStore {
        let place = ColdStorage.Place.directory(cold ?? directory.path + "/cold")
        return FileStore(
            root: directory.path + "/store", signingKey: FileStoreFixture.signingKey, publicURL: "http://localhost",
            cold: ColdStorage(place, after: .seconds(1), restoredFor: restoredFor, settling: settling))
    }

    private func archive(_ key: String, _ store: FileStore) async throws {
        try await store.archive(try #require(try await store.head(key)))
    }

    private func path(_ key: String, _ tree: String) -> String { "\(directory.path)/\(tree)/objects/\(key)" }

    private func status(_ key: String, _ tree: String) throws -> stat {
        var status = stat()
        try #require(lstat(path(key, tree), &status) == 0)
        return status
    }

    @Test(arguments: StoreConformance.coldChecks) func conformance(_ check: StoreConformance.ColdCheck) async throws {
        defer { directory.remove() }
        let store = store()
        try await check.run(StoreConformance.Subject(store: store, perform: store.perform)) { key in
            for _ in 1...2 { try await archive(key, store) }
        }
        for tree in ["store", "cold"] {
            try await eventually("no temporary file is left") {
                ((try? files.contentsOfDirectory(atPath: "\(directory.path)/\(tree)/temporary")) ?? []).isEmpty
            }
        }
    }

    /// The first call copies, the second one takes the bytes away; a web server that was sent to the file finds them in between.
    @Test func bytesGoInTwoTurns() async throws {
        defer { directory.remove() }
        let store = store()
        let put = try await store.put("p/a", Self.bytes, contentType: "image/jpeg")
        let before = try status("p/a", "store")
        let reader = try await store.read("p/a", range: nil)
        try await archive("p/a", store)
        #expect(try await store.head("p/a")?.state == .archived)
        #expect(try status("p/a", "store").st_size == 300_000 && status("p/a", "cold").st_size == 300_000)
        try await archive("p/a", store)
        let stub = try status("p/a", "store")
        #expect(stub.st_size == 0 && stub.st_mtim.tv_sec == before.st_mtim.tv_sec)
        #expect(stub.st_mtim.tv_nsec == before.st_mtim.tv_nsec)
        #expect(try await store.head("p/a")?.modifiedAt == put.modifiedAt)
        try await archive("p/a", store)
        #expect(try status("p/a", "store").st_ino == stub.st_ino, "nothing is left to be done")
        var read = 0
        for try await chunk in reader.chunks { read += chunk.readableBytes }
        #expect(read == 300_000, "who was reading reads on")
        await #expect { try await store.copy("p/a", to: "p/b") } throws: { ($0 as? StoreError)?.code == .archived }
    }

    @Test func restoredBytesGoAgainWithoutBeingCopied() async throws {
        defer { directory.remove() }
        let (patient, hasty) = (store(), store(restoredFor: .zero))
        try await patient.put("a", Self.bytes, contentType: "image/jpeg")
        for _ in 1...2 { try await archive("a", patient) }
        let (cold, stub) = (try status("a", "cold"), try status("a", "store"))
        guard case .restored(let until) = try await patient.restore("a").state else { throw Unexpected() }
        #expect((3500...3600) ~= until.timeIntervalSinceNow)
        #expect(try status("a", "store").st_mtim.tv_nsec == stub.st_mtim.tv_nsec, "it is as old as before")
        try await archive("a", patient)
        #expect(try await patient.readAll("a", limit: 1 << 20) == Self.bytes, "it may stay")
        _ = try await hasty.restore("a")
        try await archive("a", hasty)
        #expect(try await hasty.head("a")?.state == .archived, "its time is over")
        #expect(try status("a", "store").st_size == 300_000)
        try await archive("a", hasty)
        #expect(try status("a", "store").st_size == 0)
        #expect(try status("a", "cold").st_ino == cold.st_ino)
        #expect(try await patient.restore("a").state.isReadable)
        #expect(try await patient.readAll("a", limit: 1 << 20) == Self.bytes)
    }

    @Test func nothingIsTakenAwayThatTheColdDirectoryDoesNotHave() async throws {
        defer { directory.remove() }
        let store = store()
        try await store.put("a", Self.bytes, contentType: "image/jpeg")
        try await archive("a", store)
        try #require(truncate(path("a", "cold"), 299_999) == 0)
        await #expect { try await archive("a", store) } throws: { ($0 as? StoreError)?.code == .unavailable }
        #expect(try status("a", "store").st_size == 300_000)
        #expect(try await store.restore("a").state.isReadable)
        #expect(try await store.readAll("a", limit: 1 << 20) == Self.bytes)
    }

    @Test func whatIsLostInTheColdDirectoryIsAnError() async throws {
        defer { directory.remove() }
        let store = store()
        try await store.put("a", Self.bytes, contentType: "image/jpeg")
        for _ in 1...2 { try await archive("a", store) }
        try #require(unlink(path("a", "cold")) == 0)
        await #expect { try await store.restore("a") } throws: { ($0 as? StoreError)?.code == .unavailable }
        #expect(try await store.head("a")?.state == .archived)
    }

    @Test func deletingDeletesBoth() async throws {
        defer { directory.remove() }
        let store = store()
        for key in ["p/a", "p/b"] { try await store.put(key, Self.bytes, contentType: "image/jpeg") }
        for _ in 1...2 { try await archive("p/a", store) }
        try await store.delete("p/a")
        #expect(!files.fileExists(atPath: path("p/a", "store")) && !files.fileExists(atPath: path("p", "cold")))
        try await archive("p/b", store)
        _ = try await store.restore("p/b")
        try await store.delete("p/b")
        #expect(!files.fileExists(atPath: path("p", "store")) && !files.fileExists(atPath: path("p", "cold")))
    }

    @Test func bytesStayForAWhileBesideTheirCopy() async throws {
        defer { directory.remove() }
        let (patient, hasty) = (store(settling: .seconds(600)), store())
        try await patient.put("a", Self.bytes, contentType: "image/jpeg")
        for _ in 1...3 { try await archive("a", patient) }
        #expect(try status("a", "store").st_size == 300_000, "somebody may be about to open it")
        #expect(try await patient.head("a")?.state == .archived)
        try await archive("a", hasty)
        #expect(try status("a", "store").st_size == 0)
    }

    /// A disk that is not mounted looks like an empty directory.
    @Test func theColdDirectoryIsNeverMade() async throws {
        defer { directory.remove() }
        for name in ["/none", "/unmounted"] {
            let store = store(cold: directory.path + name)
            try files.createDirectory(atPath: directory.path + "/unmounted", withIntermediateDirectories: true)
            try await store.put("a", Self.bytes, contentType: "image/jpeg")
            await #expect { try await archive("a", store) } throws: { ($0 as? StoreError)?.code == .unavailable }
            #expect(try await store.readAll("a", limit: 1 << 20) == Self.bytes)
            try await store.delete("a")
        }
        #expect(!files.fileExists(atPath: directory.path + "/none"))
        #expect(try files.contentsOfDirectory(atPath: directory.path + "/unmounted").isEmpty)
    }

    /// As one that was interrupted between its two copies leaves it.
    @Test func deletingDeletesACopyThatNobodyKnowsOf() async throws {
        defer { directory.remove() }
        let store = store()
        try await store.put("p/a", Self.bytes, contentType: "image/jpeg")
        try await archive("p/a", store)
        try await store.put("p/a", Self.bytes, contentType: "image/png")
        try await store.delete("p/a")
        #expect(!files.fileExists(atPath: path("p", "cold")))
    }

    /// Its copies would be the things copied.
    @Test(arguments: ["/store", "/store/", "/store/../store", "/link"]) func theStoreIsNoColdDirectory(_ name: String)
        async throws
    {
        defer { directory.remove() }
        let store = store(cold: directory.path + name)
        try await store.put("a", Self.bytes, contentType: "image/jpeg")
        try #require(symlink(directory.path + "/store", directory.path + "/link") == 0)
        await #expect { try await archive("a", store) } throws: { ($0 as? StoreError)?.code == .invalidRequest }
        #expect(try await store.readAll("a", limit: 1 << 20) == Self.bytes)
    }

    @Test func withoutColdStorageNothingGoes() async throws {
        try await FileStoreFixture.withStore { fixture in
            let put = try await fixture.store.put("a", Self.bytes, contentType: "image/jpeg")
            await #expect { try await fixture.store.archive(put) } throws: { ($0 as? StoreError)?.code == .invalidRequest }
            #expect(try await fixture.store.restore("a") == put)
        }
    }

    @Test func manyAtOnceLoseNothing() async throws {
        defer { directory.remove() }
        let stores = [store(), store()]
        let put = try await stores[0].put("a", Self.bytes, contentType: "image/jpeg")
        for _ in 1...20 {
            await withTaskGroup(of: Void.self) { group in
                for store in stores {
                    group.addTask { for _ in 1...2 { try? await store.archive(put) } }
                    group.addTask { _ = try? await store.restore("a") }
                }
            }
            _ = try await stores[1].restore("a")
            #expect(try await stores[0].readAll("a", limit: 1 << 20) == Self.bytes)
            #expect(try await stores[0].head("a")?.etag == put.etag)
        }
    }

    private struct Unexpected: Error {}
}
