import Catalog
import Events
import FoundationEssentials
import Messaging
import Testing

/// Second chances.
@Suite struct AgainTests {
    let story: Story
    let rules = StepRules()
    let uploaded: MediaRecord
    let processing: MediaRecord

    init() throws {
        story = try Story()
        uploaded = try story.create().record.uploaded(stepDeadline: .seconds(3600), story.context(1)).unwrapped().record
        processing = try uploaded.ingested(story.ingested, rules, story.context(2)).unwrapped().record
    }

    @Test func whatWasNotAnsweredIsPublishedAgainOnce() throws {
        let half = try processing.completed(story.completed(.metadata), rules, story.context(3)).unwrapped().record
        #expect(try half.driven(rules, story.context(4, after: 3599)) == nil)
        let driven = try half.driven(rules, story.context(4, after: 3600)).unwrapped()
        var ledger = Ledger()
        _ = ledger.apply(Commit(story.keys.mediaId, outputs: driven.commit.outputs))
        let again = ledger.events(MediaIngested.self, on: .mediaIngested)
        #expect(again.map(\.data.plan) == [[.variants]] && again.map(\.data.etag) == ["e"] && again.map(\.data.size) == [5])
        #expect(again.first?.id != "\(story.keys.mediaId).ingested")
        #expect(driven.record.deadline == Story.start.addingTimeInterval(7200) && driven.record.revision == 3)
        #expect(ledger.statuses.isEmpty)
        #expect(try driven.record.driven(rules, story.context(5, after: 9999)) == nil)
        #expect(try driven.record.timedOut(story.context(5, after: 9999)) != nil)
    }

    @Test func aStepWithAQueueOfItsOwnIsAskedThereAsWell() throws {
        var story = story
        for (plan, answered) in [([Step.metadata, .transcode], [Step.metadata]), ([.metadata, .transcode], [.transcode])] {
            story.plan = plan
            var record = try uploaded.ingested(story.ingested, rules, story.context(2)).unwrapped().record
            for step in answered {
                let done = StepCompleted(
                    mediaId: story.keys.mediaId, projectId: story.keys.projectId, step: step, result: .variants(story.variants),
                    durationMs: 1)
                record = try record.completed(done, rules, story.context(3)).unwrapped().record
            }
            let driven = try record.driven(rules, story.context(4, after: 3600)).unwrapped()
            var ledger = Ledger()
            _ = ledger.apply(Commit(story.keys.mediaId, outputs: driven.commit.outputs))
            let missing = plan.filter { !answered.contains($0) }
            let again = ledger.events(MediaIngested.self, on: .mediaIngested)
            let asked = ledger.events(TranscodeRequested.self, on: .mediaTranscode)
            #expect(again.map(\.data.plan) == [missing])
            #expect(asked.map(\.data.media) == (missing.contains(.transcode) ? again.map(\.data) : []))
            #expect(asked.allSatisfy { $0.id != again.first?.id && $0.source == "/test" })
        }
    }

    @Test func anOriginalThatNobodyJudgedIsUploadedAgain() throws {
        let driven = try uploaded.driven(rules, story.context(2, after: 3600)).unwrapped()
        var ledger = Ledger()
        _ = ledger.apply(
            Commit(story.keys.mediaId, changes: [.put(key: CatalogKeys.ingested(story.keys.mediaId), value: "x", expecting: 0)]))
        _ = ledger.apply(
            Commit(story.keys.mediaId, changes: driven.commit.changes.filter { !$0.isPut }, outputs: driven.commit.outputs))
        #expect(ledger.events(MediaUploaded.self, on: .mediaUploaded).map(\.data.key) == [story.key])
        #expect(ledger.states.isEmpty, "ingest-listener must not take it for a duplicate")
    }

    @Test func whoCannotBeDrivenIsNot() throws {
        let late = story.context(4, after: 1e6)
        #expect(try story.create().record.driven(rules, late) == nil)
        #expect(try MediaRecord.recovered(story.keys, rules, story.context(0)).driven(rules, late) == nil)
        let decided = try processing.failed(story.failed(.metadata), rules, story.context(3)).unwrapped().record
        #expect(try decided.driven(rules, late) == nil)
    }

    @Test func aFailedMediaIsReadBackFromItsManifest() throws {
        var rules = rules
        rules.optional = [.transcode]
        var story = story
        story.plan = [.metadata, .variants, .transcode]
        let warning = MediaWarning("brokenExif", "No.", step: .metadata)
        let answered = try uploaded.ingested(story.ingested, rules, story.context(2)).unwrapped().record
            .completed(story.completed(.metadata, warnings: [warning]), rules, story.context(3)).unwrapped().record
            .failed(story.failed(.transcode), rules, story.context(4)).unwrapped().record
        let decided = try answered.failed(story.failed(.variants), rules, story.context(5)).unwrapped().record
        let stored = try Manifest(decided).unwrapped().encoded()
        let manifest = try EventCoding.decode(Manifest.self, from: stored)
        #expect(MediaRecord(failed: manifest, rescuedBy: .metadata, story.context(6)) == nil)
        let record = try MediaRecord(failed: manifest, rescuedBy: .variants, story.context(6)).unwrapped()
        #expect(record.status == .failed && record.revision == 4 && record.plan == story.plan)
        #expect(record.answers == answered.answers && record.warnings == answered.warnings)
        #expect((record.key, record.etag, record.size) == (story.key, "e", 5))
        let ready = try record.completed(story.completed(.variants), rules, story.context(6)).unwrapped().record
        #expect(ready.outcome?.status == .ready && ready.status == .processing && ready.revision == 5)
        #expect(try Manifest(ready).unwrapped().revision == 6)
    }

    @Test func whatIsNotFailedIsNotRescued() throws {
        let half = try processing.completed(story.completed(.metadata), rules, story.context(3)).unwrapped().record
        let ready = try half.completed(story.completed(.variants), rules, story.context(4)).unwrapped().record
        let manifest = try Manifest(ready).unwrapped()
        for step in Step.allCases { #expect(MediaRecord(failed: manifest, rescuedBy: step, story.context(5)) == nil) }
    }
}

extension StateChange {
    fileprivate var isPut: Bool { if case .put = self { true } else { false } }
}
