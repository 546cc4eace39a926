import Catalog
import Events
import FoundationEssentials
import Messaging
import RedisBus
import TestSupport
import Testing

@testable import ManifestWriter

/// A media that has failed goes on when the step that it failed for completes after all.
@Suite struct RescueTests {
    private let media = Media()

    /// Handles an event and settles as a consumer would.
    private func hear<H: Handler>(_ handler: H, _ event: H.Input, _ rig: WriterRig) async throws {
        let commit = try await handler.handle(incoming(event))
        guard !commit.isEmpty else { return }
        #expect(try await rig.bus.commit(commit) == .committed)
    }

    private func ingested(_ rig: WriterRig) async throws {
        try await hear(IngestedHandler(updates: rig.updates), media.ingested, rig)
    }

    private func completed(_ event: StepCompleted, _ rig: WriterRig) async throws {
        try await hear(CompletedHandler(updates: rig.updates), event, rig)
    }

    private func failed(_ step: Step, _ rig: WriterRig) async throws {
        try await hear(FailedHandler(updates: rig.updates), media.failed(step), rig)
        #expect(try await rig.catalog.status(media.id)?.status == .failed)
    }

    private func expectReady(_ rig: WriterRig, _ statuses: [MediaStatus]) async throws {
        let told = try await rig.statuses()
        #expect(told.map(\.data.status) == statuses)
        #expect(told.map(\.data.revision) == Array(3..<3 + statuses.count))
        let manifest = try #require(try await rig.catalog.manifest(media.keys))
        #expect(manifest.status == .ready && manifest.error == nil && manifest.metadata?.width == 640 && manifest.variants != nil)
        #expect(manifest.steps.map(\.state) == [.completed, .completed] && manifest.statusChanged == told.last?.data)
        for status in MediaStatus.allCases {
            let items = try await rig.catalog.list(project: media.keys.projectId, status: status, limit: 9).items
            #expect(items.map(\.mediaId) == (status == .ready ? [media.id] : []))
        }
        #expect(try await rig.catalog.overdue(now: Date(timeIntervalSinceNow: 1e6), limit: 9).isEmpty)
    }

    @Test func aReplayedStepMakesItReady() async throws {
        let rig = try await WriterRig()
        try await ingested(rig)
        try await completed(media.variants, rig)
        try await failed(.metadata, rig)
        try await completed(media.metadata, rig)
        try await expectReady(rig, [.processing, .failed, .processing, .ready])
        #expect(try await rig.events(MediaIngested.self).isEmpty, "nobody else has anything left to do")
        try await completed(media.metadata, rig)
        try await completed(media.variants, rig)
        #expect(try await rig.statuses().count == 4)
        await rig.close()
    }

    /// What variants had answered came when the media had failed already.
    @Test func whatOthersAnsweredMeanwhileIsDoneAgain() async throws {
        let rig = try await WriterRig()
        try await ingested(rig)
        try await failed(.metadata, rig)
        try await completed(media.variants, rig)
        #expect(try await rig.catalog.status(media.id)?.status == .failed, "it does not save the media")
        try await completed(media.metadata, rig)
        #expect(try await rig.catalog.status(media.id)?.status == .processing)
        let again = try await rig.events(MediaIngested.self).map(\.data)
        #expect(again.map(\.plan) == [[.variants]] && again.map(\.key) == [media.ingested.key] && again.map(\.etag) == ["e"])
        try await completed(media.variants, rig)
        try await expectReady(rig, [.processing, .failed, .processing, .ready])
        await rig.close()
    }

    @Test func whatFailsAgainFailsAgain() async throws {
        let rig = try await WriterRig()
        try await ingested(rig)
        try await failed(.metadata, rig)
        try await completed(media.metadata, rig)
        try await failed(.variants, rig)
        #expect(try await rig.statuses().map(\.data.status) == [.processing, .failed, .processing, .failed])
        try await completed(media.variants, rig)
        try await expectReady(rig, [.processing, .failed, .processing, .failed, .processing, .ready])
        await rig.close()
    }

    @Test func anOriginalThatCouldNotBeCheckedIsIngestedAfterAll() async throws {
        let rig = try await WriterRig()
        try await failed(.ingest, rig)
        try await completed(media.metadata, rig)
        #expect(try await rig.catalog.status(media.id)?.status == .failed, "without an original there is nothing to go on with")
        try await ingested(rig)
        try await hear(FailedHandler(updates: rig.updates), media.failed(.ingest), rig)
        try await completed(media.variants, rig)
        try await completed(media.metadata, rig)
        try await expectReady(rig, [.failed, .processing, .ready])
        await rig.close()
    }

    @Test func anAnswerBehindTheDeadlineStillCounts() async throws {
        let rig = try await WriterRig()
        try await ingested(rig)
        try await completed(media.metadata, rig)
        #expect(try await !rig.updates.expire(media.id, now: Date(timeIntervalSinceNow: 4000)))
        #expect(try await rig.updates.expire(media.id, now: Date(timeIntervalSinceNow: 9000)))
        #expect(try await rig.catalog.status(media.id)?.error?.code == .stepTimedOut)
        try await completed(media.variants, rig)
        try await expectReady(rig, [.processing, .failed, .processing, .ready])
        await rig.close()
    }

    @Test func anUploadThatWasNeverCompletedStaysFailed() async throws {
        let rig = try await WriterRig()
        let created = try MediaRecord.create(
            media.keys, fileName: "cat.jpg", contentType: "image/jpeg", size: 5, deadline: Date(),
            TransitionContext(version: 0, source: "test", trace: .random()))
        _ = try await rig.bus.commit(created.commit)
        #expect(try await rig.updates.expire(media.id, now: Date(timeIntervalSinceNow: 1)))
        for event in try media.success() { _ = try await rig.bus.commit(Commit(event.0, outputs: [event.1])) }
        try await rig.running(1) {
            try await eventually("everything is settled") { try await rig.unsettled() == 0 }
        }
        #expect(try await rig.catalog.status(media.id)?.error?.code == .originalMissing)
        await rig.close()
    }

    /// Several replicas, every event up to three times, in any order.
    @Test(.timeLimit(.minutes(1)))
    func eachRevisionIsToldOnceWhoeverRescues() async throws {
        let rig = try await WriterRig()
        let media = (0..<60).map { _ in Media() }
        try await rig.running(4) {
            try await rig.publish(try media.map { try $0.output($0.ingested) })
            try await rig.publish(
                try media.flatMap { [try $0.output($0.failed(.metadata)), try $0.output($0.failed(.metadata))] })
            try await eventually("all have failed") {
                try await rig.statuses().filter { $0.data.status == .failed }.count == media.count
            }
            let rescue = try media.flatMap { [try $0.output($0.metadata), try $0.output($0.variants)] }
            try await rig.publish((rescue + rescue + rescue).shuffled())
            // Those whose variants came too early do them again.
            try await eventually("everything is settled") { try await rig.unsettled() == 0 }
            try await rig.publish(try media.map { try $0.output($0.variants) })
            try await eventually("all are ready") {
                try await rig.statuses().filter { $0.data.status == .ready }.count == media.count
            }
        }
        let told = try await rig.statuses()
        #expect(told.count == 4 * media.count)
        #expect(Set(told.map(\.id)) == Set(media.flatMap { media in (3...6).map { "\(media.id).r\($0)" } }))
        await rig.close()
    }
}
