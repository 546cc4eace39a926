import Catalog
import Events
import FoundationEssentials
import Messaging
import ObjectStore
import RedisBus
import TestSupport
import Testing

@testable import ManifestWriter

@Suite struct MediaUpdatesTests {
    /// Handles an event and settles as a consumer would.
    private func hear<H: Handler>(_ handler: H, _ event: H.Input, _ rig: WriterRig) async throws {
        let commit = try await handler.handle(incoming(event))
        guard !commit.isEmpty else { return }
        #expect(try await rig.bus.commit(commit) == .committed)
    }

    @Test func aRefusedOriginalOfAnUnknownMediaEndsFailed() async throws {
        let rig = try await WriterRig()
        let media = Media()
        try await hear(FailedHandler(updates: rig.updates), media.failed(.ingest), rig)
        #expect(try await rig.catalog.status(media.id)?.error?.code == .corruptMedia)
        let manifest = try #require(try await rig.catalog.manifest(media.keys))
        #expect(manifest.original == nil && manifest.steps.map(\.step) == [.ingest])
        await rig.close()
    }

    /// Redis may have lost everything while a film was in work: its media is to be found again, not taken for known.
    @Test func aSignOfLifeMakesNoRecord() async throws {
        let rig = try await WriterRig()
        let media = Media()
        let heard = try await ProgressHandler(updates: rig.updates).handle(incoming(media.progressed(0.5)))
        #expect(heard.isEmpty)
        #expect(try await rig.catalog.entry(media.id)?.version == nil)
        try await hear(IngestedHandler(updates: rig.updates), media.ingested, rig)
        let known = try await ProgressHandler(updates: rig.updates).handle(incoming(media.progressed(0.5)))
        #expect(!known.isEmpty)
        await rig.close()
    }

    @Test func lateAnswersAndDuplicatesChangeNothing() async throws {
        let rig = try await WriterRig()
        let media = Media()
        try await hear(IngestedHandler(updates: rig.updates), media.ingested, rig)
        try await hear(FailedHandler(updates: rig.updates), media.failed(.metadata), rig)
        let before = try await rig.catalog.entry(media.id)?.version
        #expect(try await CompletedHandler(updates: rig.updates).handle(incoming(media.variants)).isEmpty)
        #expect(try await IngestedHandler(updates: rig.updates).handle(incoming(media.ingested)).isEmpty)
        #expect(try await FailedHandler(updates: rig.updates).handle(incoming(media.failed(.ingest))).isEmpty)
        #expect(try await ProgressHandler(updates: rig.updates).handle(incoming(media.progressed(1))).isEmpty)
        #expect(try await rig.catalog.entry(media.id)?.version == before)
        #expect(try await rig.statuses().map(\.data.status) == [.processing, .failed])
        await rig.close()
    }

    @Test func aDeletedMediaDoesNotComeBack() async throws {
        let rig = try await WriterRig()
        let media = Media()
        let context = TransitionContext(version: 0, source: "test", trace: .random())
        let created = try MediaRecord.create(
            media.keys, fileName: "cat.jpg", contentType: "image/jpeg", size: 5, deadline: Date(timeIntervalSinceNow: 60), context
        )
        _ = try await rig.bus.commit(created.commit)
        let next = TransitionContext(version: 1, source: "test", trace: .random())
        #expect(try await rig.bus.commit(created.record.deleted(next)) == .committed)
        for (id, output) in try media.success() { _ = try await rig.bus.commit(Commit(id, outputs: [output])) }
        try await rig.running(1) {
            try await eventually("everything is settled") { try await rig.unsettled() == 0 }
        }
        #expect(try await rig.catalog.status(media.id) == nil)
        #expect(try await rig.statuses().map(\.data.status) == [.uploading])
        await rig.close()
    }

    /// The store's directory gives way to a file, and comes back.
    @Test func theStoreAwayIsWaitedOut() async throws {
        let rig = try await WriterRig()
        let media = Media()
        _ = try await rig.store.head("x")
        let root = rig.directory.path + "/store"
        try FileManager.default.moveItem(atPath: root, toPath: root + ".away")
        #expect(FileManager.default.createFile(atPath: root, contents: Data()))
        try await rig.running(2) {
            try await rig.publish(try media.success())
            try await eventually("the outcome is decided") {
                guard case .inFlight(let record)? = try await rig.catalog.entry(media.id)?.entry else { return false }
                return record.outcome?.status == .ready
            }
            #expect(try await rig.catalog.status(media.id)?.status == .processing)
            try FileManager.default.removeItem(atPath: root)
            try FileManager.default.moveItem(atPath: root + ".away", toPath: root)
            try await eventually("it is ready") { try await rig.catalog.status(media.id)?.status == .ready }
        }
        #expect(try await rig.statuses().map(\.data.status) == [.processing, .ready])
        await rig.close()
    }

    @Test func theManifestIsThereBeforeTheAnnouncement() async throws {
        let rig = try await WriterRig()
        let media = Media()
        try await hear(IngestedHandler(updates: rig.updates), media.ingested, rig)
        try await hear(CompletedHandler(updates: rig.updates), media.metadata, rig)
        let announcement = try await CompletedHandler(updates: rig.updates).handle(incoming(media.variants))
        #expect(try await rig.store.head(media.keys.manifest) != nil)
        #expect(try await rig.catalog.status(media.id)?.status == .processing)
        #expect(try await rig.bus.commit(announcement) == .committed)
        #expect(try await rig.bus.commit(announcement) == .conflict)
        #expect(try await rig.catalog.status(media.id)?.status == .ready)
        await rig.close()
    }

    @Test func aFailedOptionalStepOnlyWarns() async throws {
        let rig = try await WriterRig(optional: [.variants])
        let media = Media()
        try await hear(FailedHandler(updates: rig.updates), media.failed(.variants), rig)
        try await hear(CompletedHandler(updates: rig.updates), media.metadata, rig)
        try await hear(IngestedHandler(updates: rig.updates), media.ingested, rig)
        let status = try #require(try await rig.catalog.status(media.id))
        #expect(status.status == .processing || status.status == .ready)
        #expect(try await rig.catalog.status(media.id)?.warnings.map(\.code) == ["corruptMedia"])
        await rig.close()
    }
}
