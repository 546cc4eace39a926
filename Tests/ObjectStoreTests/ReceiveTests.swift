import FoundationEssentials
import NIOCore
import TestSupport
import Testing

@testable import ObjectStore

@Suite struct ReceiveTests {
    private struct Disconnected: Error {}

    /// A body that does something at each chunk; nil ends it.
    private struct Body: AsyncSequence, AsyncIteratorProtocol, Sendable {
        let chunk: @Sendable (_ number: Int) async throws -> ByteBuffer?
        var number = 0

        init(_ chunk: @escaping @Sendable (Int) async throws -> ByteBuffer?) { self.chunk = chunk }

        mutating func next() async throws -> ByteBuffer? {
            defer { number += 1 }
            return try await chunk(number)
        }

        func makeAsyncIterator() -> Body { self }
    }

    private static let chunk = ByteBuffer(repeating: 7, count: 65536)

    private func put(_ key: String, size: Int64, part: (id: String, number: Int)? = nil, _ store: FileStore) async throws
        -> VerifiedUpload
    {
        let operation = part.map { PresignRequest.Operation.putPart(uploadId: $0.id, number: $0.number) } ?? .put
        let url = try await store.presign(
            PresignRequest(operation, key: key, size: size, contentType: "image/png", lifetime: .seconds(60))
        ).url
        let (key, query) = try parseURL(url)
        return try store.verify(
            method: "PUT", key: key, query: query, contentType: "image/png", contentLength: size, now: Date())
    }

    private func expectNothingStored(_ fixture: FileStoreFixture) async throws {
        #expect(try await fixture.store.list(prefix: "", startAfter: nil, limit: 10).isEmpty)
        try await eventually("the temporary file is gone") { fixture.files(in: "temporary").isEmpty }
    }

    /// Every earlier chunk is on disk when the next one is asked for: nothing piles up in memory.
    @Test func chunksAreAskedForOneByOne() async throws {
        try await FileStoreFixture.withStore { fixture in
            let upload = try await put("a", size: 65536 * 50, fixture.store)
            let root = fixture.root
            let body = Body { number in
                let name = try FileManager.default.contentsOfDirectory(atPath: root + "/temporary")[0]
                let size = try FileManager.default.attributesOfItem(atPath: "\(root)/temporary/\(name)")[.size] as? Int
                #expect(size == number * 65536)
                return number < 50 ? Self.chunk : nil
            }
            let received = try await fixture.store.receive(upload, body: body)
            #expect(try await fixture.store.head("a")?.etag == received.etag)
        }
    }

    @Test func aClientThatGoesAwayLeavesNothing() async throws {
        try await FileStoreFixture.withStore { fixture in
            let upload = try await put("a", size: 65536 * 50, fixture.store)
            await #expect(throws: Disconnected.self) {
                try await fixture.store.receive(upload, body: Body { if $0 < 20 { Self.chunk } else { throw Disconnected() } })
            }
            try await expectNothingStored(fixture)
        }
    }

    @Test func aCancelledUploadLeavesNothing() async throws {
        try await FileStoreFixture.withStore { fixture in
            let (store, upload) = (fixture.store, try await put("a", size: 65536 * 50, fixture.store))
            let task = Task {
                try await store.receive(
                    upload,
                    body: Body { number in
                        if number == 10 { withUnsafeCurrentTask { $0?.cancel() } }
                        return Self.chunk
                    })
            }
            await #expect(throws: (any Error).self) { try await task.value }
            try await expectNothingStored(fixture)
        }
    }

    @Test func aBodyTooLongIsCutOffAtOnce() async throws {
        try await FileStoreFixture.withStore { fixture in
            let upload = try await put("a", size: 65536 * 2 + 1, fixture.store)
            let body = Body { number in
                #expect(number <= 2, "it must not be read on")
                return Self.chunk
            }
            let error = await #expect(throws: PresignError.self) { try await fixture.store.receive(upload, body: body) }
            #expect(error?.code == .wrongSize)
            try await expectNothingStored(fixture)
        }
    }

    @Test func aBodyTooShortIsRefused() async throws {
        try await FileStoreFixture.withStore { fixture in
            let upload = try await put("a", size: 65536 * 2 + 1, fixture.store)
            let error = await #expect(throws: PresignError.self) {
                try await fixture.store.receive(upload, body: Body { $0 < 2 ? Self.chunk : nil })
            }
            #expect(error?.code == .wrongSize)
            try await expectNothingStored(fixture)
        }
    }

    @Test func anExistingObjectIsRefusedBeforeTheBodyIsRead() async throws {
        try await FileStoreFixture.withStore { fixture in
            let upload = try await put("a", size: 65536, fixture.store)
            try await fixture.store.put("a", Sample.bytes, contentType: "text/plain")
            let error = await #expect(throws: StoreError.self) {
                try await fixture.store.receive(
                    upload,
                    body: Body { _ in
                        Issue.record("the body was read")
                        return nil
                    })
            }
            #expect(error?.code == .alreadyExists)
        }
    }

    @Test func anObjectThatCameMeanwhileStays() async throws {
        try await FileStoreFixture.withStore { fixture in
            let (store, upload) = (fixture.store, try await put("a", size: 65536, fixture.store))
            let body = Body { number in
                if number == 1 { try await store.put("a", Sample.bytes, contentType: "text/plain") }
                return number == 0 ? Self.chunk : nil
            }
            let error = await #expect(throws: StoreError.self) { try await store.receive(upload, body: body) }
            #expect(error?.code == .alreadyExists)
            #expect(try await store.readAll("a", limit: 100) == Sample.bytes)
        }
    }

    @Test func aPartDoesNotReviveAnAbortedUpload() async throws {
        try await FileStoreFixture.withStore { fixture in
            let store = fixture.store
            let id = try await store.beginMultipart("a", contentType: "video/mp4")
            let upload = try await put("a", size: 65536, part: (id, 1), store)
            let body = Body { number in
                if number == 1 { try await store.abortMultipart("a", uploadId: id) }
                return number == 0 ? Self.chunk : nil
            }
            let error = await #expect(throws: StoreError.self) { try await store.receive(upload, body: body) }
            #expect(error?.code == .unknownUpload)
            #expect(fixture.files(in: "multipart").isEmpty)
        }
    }

    @Test func aFinishedUploadLeavesNoParts() async throws {
        try await FileStoreFixture.withStore { fixture in
            let store = fixture.store
            let id = try await store.beginMultipart("a", contentType: "video/mp4")
            for number in [1, 2, 10_000] {
                let upload = try await put("a", size: 65536, part: (id, number), store)
                _ = try await store.receive(upload, body: Chunks(Self.chunk))
            }
            let parts = try await store.parts(of: id, key: "a")
            #expect(parts.map(\.number) == [1, 2, 10_000])
            let info = try await store.completeMultipart("a", uploadId: id, parts: parts)
            #expect(info.etag.hasSuffix("-3") && info.size == 65536 * 3)
            #expect(fixture.files(in: "multipart").isEmpty)
        }
    }
}
