import Catalog
import Events
import FoundationEssentials
import Messaging
import NIOCore
import ObjectStore
import RedisBus
import TestSupport
import Testing

@testable import ManifestWriter

@Suite struct AbandonedUploadTests {
    private let media = Media()
    private var key: String { media.keys.original(fileName: "cat.jpg") }
    private let later = Date(timeIntervalSinceNow: 100)

    @Test func itsBytesAreRemoved() async throws {
        let rig = try await WriterRig()
        try await begin(nil, rig)
        try await rig.store.put(key, ByteBuffer(string: "1234"), contentType: "image/jpeg")
        #expect(try await rig.updates.expire(media.id, now: later))
        try await expectNothingLeft(rig)
        await rig.close()
    }

    @Test func itsPartsAreRemoved() async throws {
        let rig = try await WriterRig()
        let uploadId = try await rig.store.beginMultipart(key, contentType: "image/jpeg")
        try await begin(UploadSession(uploadId: uploadId, partSize: 5), rig)
        #expect(try await rig.updates.expire(media.id, now: later))
        try await expectNothingLeft(rig)
        let error = await #expect(throws: StoreError.self) { try await rig.store.parts(of: uploadId, key: key) }
        #expect(error?.code == .unknownUpload)
        await rig.close()
    }

    /// It is announced only when nothing is left.
    @Test func aStoreThatIsAwayIsWaitedFor() async throws {
        let rig = try await WriterRig()
        try await begin(nil, rig)
        try await rig.store.put(key, ByteBuffer(string: "1234"), contentType: "image/jpeg")
        let root = rig.directory.path + "/store"
        try FileManager.default.moveItem(atPath: root, toPath: root + "-away")
        await #expect(throws: Failure.self) { try await rig.updates.expire(media.id, now: later) }
        #expect(try await rig.statuses().map(\.data.status) == [.uploading])
        try FileManager.default.moveItem(atPath: root + "-away", toPath: root)
        #expect(try await rig.updates.expire(media.id, now: later.addingTimeInterval(60)))
        try await expectNothingLeft(rig)
        await rig.close()
    }

    /// Its client, or the service that it told, was gone behind the last byte.
    @Test func anUploadThatIsAllThereGoesOn() async throws {
        let rig = try await WriterRig()
        let record = try await begin(nil, rig)
        try await rig.store.put(key, ByteBuffer(string: "12345"), contentType: "image/jpeg")
        #expect(try await !rig.updates.expire(media.id, now: later))
        let traces = try await rig.events(MediaUploaded.self).map { TraceParent(rawValue: $0.traceparent)?.traceId }
        #expect(traces == [record.trace?.traceId], "in the trace that it began with")
        #expect(try await rig.catalog.status(media.id)?.status == .uploaded)
        #expect(try await rig.events(MediaUploaded.self).count == 1)
        #expect(try await !rig.updates.expire(media.id, now: later), "it has more time")
        #expect(try await rig.store.head(key)?.size == 5)
        await rig.close()
    }

    /// Its steps failed, not its upload: somebody may want to look at it.
    @Test func anUploadThatWasCompletedStays() async throws {
        let rig = try await WriterRig()
        let record = try await begin(nil, rig)
        try await rig.store.put(key, ByteBuffer(string: "12345"), contentType: "image/jpeg")
        let context = TransitionContext(version: 1, source: "test", trace: .random())
        let uploaded = try #require(try record.uploaded(stepDeadline: .seconds(1), context))
        #expect(try await rig.bus.commit(uploaded.commit) == .committed)
        #expect(try await !rig.updates.expire(media.id, now: later), "its work is published once more")
        #expect(try await rig.updates.expire(media.id, now: later.addingTimeInterval(3600)))
        #expect(try await rig.catalog.status(media.id)?.error?.code == .stepTimedOut)
        #expect(try await rig.store.head(key)?.size == 5)
        await rig.close()
    }

    @discardableResult
    private func begin(_ upload: UploadSession?, _ rig: WriterRig) async throws -> MediaRecord {
        let created = try MediaRecord.create(
            media.keys, fileName: "cat.jpg", contentType: "image/jpeg", size: 5, upload: upload, deadline: Date(),
            TransitionContext(version: 0, source: "test", trace: .random()))
        #expect(try await rig.bus.commit(created.commit) == .committed)
        return created.record
    }

    private func expectNothingLeft(_ rig: WriterRig) async throws {
        #expect(try await rig.catalog.status(media.id)?.error?.code == .originalMissing)
        let left = try await rig.store.list(prefix: media.keys.prefix, startAfter: nil, limit: 10)
        #expect(left.map(\.key) == [media.keys.manifest])
    }
}
