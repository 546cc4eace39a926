import FoundationEssentials
import NIOCore
import ObjectStore
import TestSupport
import Testing

@testable import Access

@Suite struct KeyRingTests {
    /// A file store that can be taken away, to see what asks it.
    private func withStore(_ body: (FileStore, TemporaryDirectory) async throws -> Void) async throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        try await body(FileStore(root: directory.path + "/store", signingKey: [], publicURL: ""), directory)
    }

    private func takeAway(_ directory: TemporaryDirectory) throws {
        try FileManager.default.moveItem(atPath: directory.path + "/store", toPath: directory.path + "/away")
    }

    private func bringBack(_ directory: TemporaryDirectory) throws {
        try FileManager.default.moveItem(atPath: directory.path + "/away", toPath: directory.path + "/store")
    }

    @Test func aNewKeyOpensItsProjectOnly() async throws {
        try await withStore { store, _ in
            let (key, token) = try await KeyRing(store: store).create(project: "shop", name: "upload form")
            let found = try await KeyRing(store: store).authenticate(token)
            #expect(found == key)
            #expect(key.allows("shop") && !key.allows("shop2") && !key.allows("sho") && !key.allows("") && !key.allows("*"))
        }
    }

    @Test func anOperatorsKeyOpensEveryProject() async throws {
        try await withStore { store, _ in
            let key = try await KeyRing(store: store).create(project: "*", name: "operator").key
            #expect(key.allows("shop") && key.allows("blog"))
        }
    }

    @Test func neitherTheSecretNorItsHashIsShown() async throws {
        try await withStore { store, _ in
            let (key, token) = try await KeyRing(store: store).create(project: "shop", name: "a")
            let secret = String(token.suffix(43))
            let record = String(buffer: try await store.readAll("system/keys/\(key.id).json", limit: 4096))
            let shown = String(decoding: try JSONEncoder().encode(key), as: UTF8.self)
            #expect(!record.contains(secret) && record.contains("secretHash"))
            #expect(!shown.contains(secret) && !shown.contains("ash"))
        }
    }

    @Test func aRevokedKeyIsClosedAtOnceAndStaysSo() async throws {
        try await withStore { store, _ in
            let ring = KeyRing(store: store)
            let (key, token) = try await ring.create(project: "shop", name: "a")
            #expect(try await ring.authenticate(token) != nil)
            #expect(try await ring.isLiving(key))
            let revoked = try await ring.revoke(id: key.id)
            #expect(revoked.revokedAt != nil)
            #expect(try await !ring.isLiving(key))
            #expect(try await !KeyRing(store: store).isLiving(key))
            #expect(try await ring.authenticate(token) == nil)
            #expect(try await KeyRing(store: store).authenticate(token) == nil)
            #expect(try await ring.revoke(id: key.id) == revoked)
        }
    }

    @Test(arguments: ["", "0", "../../x", "0123456789abcdef", "0123456789ABCDEF"])
    func revokingAnUnknownKeySaysSo(_ id: String) async throws {
        try await withStore { store, _ in
            let error = await #expect(throws: AccessError.self) { try await KeyRing(store: store).revoke(id: id) }
            #expect(error?.code == .unknownKey)
        }
    }

    @Test func everyOtherSecretIsWrong() async throws {
        try await withStore { store, _ in
            let ring = KeyRing(store: store)
            let token = try await ring.create(project: "shop", name: "a").token
            let other = try await ring.create(project: "shop", name: "b").token
            #expect(try await ring.authenticate(String(token.prefix(20)) + other.suffix(43)) == nil)
            for place in 0..<token.utf8.count {
                var bytes = Array(token.utf8)
                bytes[place] = bytes[place] == UInt8(ascii: "a") ? UInt8(ascii: "b") : UInt8(ascii: "a")
                #expect(try await ring.authenticate(String(decoding: bytes, as: UTF8.self)) == nil, "changed at \(place)")
            }
        }
    }

    @Test func malformedTokensNeverReachTheStore() async throws {
        let unreachable = FileStore(root: "/dev/null/store", signingKey: [], publicURL: "")
        let ring = KeyRing(store: unreachable)
        let secret = String(repeating: "A", count: 43)
        let malformed = [
            "", "mr_", "Bearer x", "mr_0123456789abcdef_", "mr_0123456789abcdef_\(secret)A",
            "mr_0123456789abcdef_\(secret.dropLast())",
            "mr_0123456789ABCDEF_\(secret)", "mr_0123456789abcdeg_\(secret)", "mr-0123456789abcdef_\(secret)",
            "mr_0123456789abcdef-\(secret)", "mr_../../../../../x_\(secret)", "mr_0123456789abcdef_\(secret.dropLast())=",
            "mr_0123456789abcdef_\(secret.dropLast())\u{0}", "mr_0123456789abcdef_\(secret.dropLast(2))é",
            String(repeating: "mr_", count: 100_000),
        ]
        for token in malformed { #expect(try await ring.authenticate(token) == nil) }
        #expect(ring.cache.count == 0)
        let error = await #expect(throws: StoreError.self) { try await ring.authenticate("mr_0123456789abcdef_\(secret)") }
        #expect(error?.code == .unavailable)
    }

    @Test func randomTextIsNoKey() async throws {
        let ring = KeyRing(store: FileStore(root: "/dev/null/store", signingKey: [], publicURL: ""))
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0...80)).map { _ in "mr_0af-é\u{0} /.".randomElement().map(String.init) ?? "" }
                .joined()
            #expect(try await ring.authenticate(text) == nil)
        }
    }

    @Test func tokensAreWellFormedAndDiffer() {
        let tokens = (0..<1000).map { _ in KeyToken.generate().text }
        #expect(Set(tokens).count == 1000)
        #expect(tokens.allSatisfy { KeyToken($0)?.text == $0 })
    }

    @Test(arguments: ["", "Shop", "a/b", "**", "-a", String(repeating: "a", count: 64), "a\n"])
    func aKeyNeedsAProject(_ project: String) async throws {
        try await withStore { store, _ in
            let error = await #expect(throws: AccessError.self) {
                try await KeyRing(store: store).create(project: project, name: "a")
            }
            #expect(error?.code == .invalidProject)
        }
    }

    @Test(arguments: ["", "a\nb", "\u{0}", String(repeating: "a", count: 101), "a" + String(repeating: "\u{301}", count: 300)])
    func aKeyNeedsAName(_ name: String) async throws {
        try await withStore { store, _ in
            let error = await #expect(throws: AccessError.self) {
                try await KeyRing(store: store).create(project: "a", name: name)
            }
            #expect(error?.code == .invalidName)
        }
    }

    @Test func listingPagesThroughAll() async throws {
        try await withStore { store, _ in
            let ring = KeyRing(store: store)
            var made: Set<APIKey> = []
            for number in 0..<5 { made.insert(try await ring.create(project: "p\(number)", name: "ü \(number)").key) }
            let first = try #require(made.first)
            made.remove(first)
            made.insert(try await ring.revoke(id: first.id))
            try await store.put("system/keys/notes.txt", ByteBuffer(string: "not a key"), contentType: "text/plain")
            for pageSize in [1, 2, 500] {
                let listed = try await KeyRing(store: store, pageSize: pageSize).list()
                #expect(Set(listed) == made && listed.count == 5)
                #expect(listed.map(\.createdAt) == listed.map(\.createdAt).sorted())
            }
        }
    }

    @Test func aDamagedRecordIsToldAndOpensNothing() async throws {
        try await withStore { store, _ in
            let (key, token) = try await KeyRing(store: store).create(project: "shop", name: "a")
            for record in ["", "{}", "not JSON"] {
                try await store.put("system/keys/\(key.id).json", ByteBuffer(string: record), contentType: "application/json")
                let error = await #expect(throws: AccessError.self) { try await KeyRing(store: store).authenticate(token) }
                #expect(error?.code == .damagedKey)
            }
        }
    }

    @Test func answersAreBelievedForATime() async throws {
        try await withStore { store, directory in
            let clock = SteppedClock()
            let ring = KeyRing(store: store, cacheFor: .seconds(5), now: clock.now)
            let (key, token) = try await KeyRing(store: store).create(project: "shop", name: "a")
            #expect(try await ring.authenticate(token) != nil)
            _ = try await KeyRing(store: store).revoke(id: key.id)
            try takeAway(directory)
            clock.advance(.seconds(4))
            #expect(try await ring.authenticate(token) != nil, "believed, without asking the store")
            clock.advance(.seconds(2))
            await #expect(throws: StoreError.self, "asked again") { try await ring.authenticate(token) }
            try bringBack(directory)
            #expect(try await ring.authenticate(token) == nil)
        }
    }

    @Test func unknownKeysAreRememberedWithinBounds() async throws {
        try await withStore { store, directory in
            let clock = SteppedClock()
            let ring = KeyRing(store: store, cacheFor: .seconds(5), now: clock.now)
            let (_, known) = try await ring.create(project: "shop", name: "a")
            let unknown = KeyToken.generate().text
            for _ in 0..<3000 { #expect(try await ring.authenticate(KeyToken.generate().text) == nil) }
            #expect(try await ring.authenticate(unknown) == nil)
            #expect(ring.cache.count <= KeyCache.capacity + 1)
            try takeAway(directory)
            #expect(try await ring.authenticate(unknown) == nil)
            #expect(try await ring.authenticate(known) != nil, "the flood did not push out a known key")
        }
    }
}
