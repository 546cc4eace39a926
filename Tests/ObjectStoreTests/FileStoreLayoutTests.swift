import FoundationEssentials
import Glibc
import NIOCore
import TestSupport
import Testing

@testable import ObjectStore

@Suite struct FileStoreLayoutTests {
    private let files = FileManager.default

    @Test func anObjectIsAFileAtItsKey() async throws {
        try await FileStoreFixture.withStore { fixture in
            try await fixture.store.put("p/ü/a b.txt", Sample.bytes, contentType: "text/plain")
            let path = try fixture.store.path(of: "p/ü/a b.txt")
            #expect(path == fixture.root + "/objects/p/ü/a b.txt")
            #expect(files.contents(atPath: path) == Data("some bytes".utf8))
            #expect(throws: StoreError.self) { try fixture.store.path(of: "../etc/passwd") }
        }
    }

    /// SHA-256 of "some bytes" begins so.
    @Test func theTagIsTheHashOfTheBytes() async throws {
        try await FileStoreFixture.withStore { fixture in
            let put = try await fixture.store.put("a", Sample.bytes, contentType: "text/plain")
            #expect(put.etag == "0d22cdcc10e6d049dbe1af5123d50873")
        }
    }

    @Test func aFileCopiedInIsAnObjectOfUnknownType() async throws {
        try await FileStoreFixture.withStore { fixture in
            try await fixture.store.check()
            let path = fixture.root + "/objects/copied"
            #expect(files.createFile(atPath: path, contents: Data("12345".utf8)))
            let info = try #require(try await fixture.store.head("copied"))
            #expect(info.size == 5 && info.contentType == "application/octet-stream" && info.etag.count == 32)
        }
    }

    /// Also when it is made anew, because it was empty.
    @Test func secretsAreForTheServicesAlone() async throws {
        try await FileStoreFixture.withStore { fixture in
            for _ in 1...2 {
                for key in ["system/webhooks/demo/a.json", "projects/demo/system/a.jpg"] {
                    try await fixture.store.put(key, Sample.bytes, contentType: "text/plain")
                }
                for name in ["objects/system", "multipart", "temporary"] {
                    #expect(try mode(of: "\(fixture.root)/\(name)") == 0o700, "\(name)")
                }
                for name in ["objects", "objects/projects", "objects/projects/demo/system"] {
                    #expect(try mode(of: "\(fixture.root)/\(name)") == 0o755 & ~umask, "\(name)")
                }
                try await fixture.store.delete("system/webhooks/demo/a.json")
                #expect(!files.fileExists(atPath: fixture.root + "/objects/system"))
            }
        }
    }

    private func mode(of path: String) throws -> Int {
        try #require(files.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    /// Of this process.
    private var umask: Int {
        let mask = Glibc.umask(0)
        _ = Glibc.umask(mask)
        return Int(mask)
    }

    @Test func linksAreNotFollowed() async throws {
        try await FileStoreFixture.withStore { fixture in
            let store = fixture.store
            try await store.put("real/a", Sample.bytes, contentType: "text/plain")
            let outside = fixture.directory.path + "/outside"
            try files.createDirectory(atPath: outside, withIntermediateDirectories: false)
            #expect(files.createFile(atPath: outside + "/secret", contents: Data("secret".utf8)))
            try files.createSymbolicLink(atPath: fixture.root + "/objects/dir", withDestinationPath: outside)
            try files.createSymbolicLink(atPath: fixture.root + "/objects/file", withDestinationPath: outside + "/secret")

            #expect(try await store.head("dir/secret") == nil)
            #expect(try await store.head("file") == nil)
            #expect(try await store.list(prefix: "", startAfter: nil, limit: 10).map(\.key) == ["real/a"])
            #expect(try await store.list(prefix: "dir/", startAfter: nil, limit: 10).isEmpty)
            let error = await #expect(throws: StoreError.self) {
                try await store.put("dir/new", Sample.bytes, contentType: "text/plain")
            }
            #expect(error?.code == .invalidKey)
            try await store.delete("dir/secret")
            #expect(files.fileExists(atPath: outside + "/secret") && !files.fileExists(atPath: outside + "/new"))
        }
    }

    @Test func anObjectIsNoDirectory() async throws {
        try await FileStoreFixture.withStore { fixture in
            let store = fixture.store
            try await store.put("a", Sample.bytes, contentType: "text/plain")
            try await store.put("d/e", Sample.bytes, contentType: "text/plain")
            for key in ["a/b", "d"] {
                let error = await #expect(throws: StoreError.self) {
                    try await store.put(key, Sample.bytes, contentType: "text/plain")
                }
                #expect(error?.code == .invalidKey)
                #expect(try await store.head(key) == nil)
                try await store.delete(key)
            }
            #expect(try await store.list(prefix: "", startAfter: nil, limit: 10).map(\.key) == ["a", "d/e"])
            try await store.delete("d/e")
            try await store.put("d", Sample.bytes, contentType: "text/plain")
        }
    }

    @Test func aRootThatCannotBeMadeIsAnOutage() async throws {
        let store = FileStore(root: "/dev/null/store", signingKey: [], publicURL: "")
        let outages: [() async throws -> Void] = [
            { try await store.check() }, { _ = try await store.head("a") },
            { try await store.put("a", Sample.bytes, contentType: "text/plain") },
            { _ = try await store.list(prefix: "", startAfter: nil, limit: 1) },
        ]
        for outage in outages {
            let error = await #expect(throws: StoreError.self) { try await outage() }
            #expect(error?.code == .unavailable && error?.isTransient == true)
        }
    }

    @Test func aRootThatWentAwayIsAnOutageNotAnEmptyStore() async throws {
        try await FileStoreFixture.withStore { fixture in
            try await fixture.store.put("a", Sample.bytes, contentType: "text/plain")
            try files.moveItem(atPath: fixture.root, toPath: fixture.root + "-away")
            for work in [{ _ = try await fixture.store.head("a") }, { try await fixture.store.check() }]
                as [() async throws -> Void]
            {
                let error = await #expect(throws: StoreError.self) { try await work() }
                #expect(error?.code == .unavailable)
            }
            try files.moveItem(atPath: fixture.root + "-away", toPath: fixture.root)
            #expect(try await fixture.store.head("a") != nil)
        }
    }

    @Test func aFullDiskIsTold() throws {
        let file = OpenFile(owning: try system("open") { open("/dev/full", O_WRONLY) })
        let error = #expect(throws: StoreError.self) {
            try ByteBuffer(string: "a").withUnsafeReadableBytes { try file.write($0) }
        }
        #expect(error?.code == .full && error?.isTransient == true)
    }

    /// Only what is asked for is read: bytes cut off behind the first chunk are missed, not delivered.
    @Test func readingIsPulledAndNeverEndsEarlyInSilence() async throws {
        try await FileStoreFixture.withStore { fixture in
            try await fixture.store.put("a", ByteBuffer(repeating: 1, count: 1_000_000), contentType: "text/plain")
            var chunks = try await fixture.store.read("a", range: nil).chunks.makeAsyncIterator()
            let first = try await chunks.next()
            #expect(first?.readableBytes == 128 << 10)
            #expect(truncate(try fixture.store.path(of: "a"), 200_000) == 0)
            let error = await #expect(throws: StoreError.self) { _ = try await chunks.next() }
            #expect(error?.code == .unavailable)
        }
    }

    @Test(arguments: [
        ("s3://", "bucket"), ("s3://bucket?stile=path", "option"), ("", "not a store"), ("file://", "not a store"),
        ("/var/lib", "not a store"),
        ("http://x", "not a store"), ("file:///a\u{0}b", "not a store"),
    ])
    func wrongLocationsSaySo(_ location: String, _ words: String) {
        let error = #expect(throws: StoreError.self) { try openStore(location, signingKey: [], publicURL: "") }
        #expect(error?.code == .invalidRequest && error?.description.contains(words) == true)
    }

    @Test func aLocationOpensItsStore() async throws {
        try await FileStoreFixture.withStore { fixture in
            let store = try openStore("file://" + fixture.root, signingKey: [], publicURL: "")
            try await store.put("a", Sample.bytes, contentType: "text/plain")
            #expect(try await fixture.store.readAll("a", limit: 100) == Sample.bytes)
        }
    }
}
