import Catalog
import Events
import FoundationEssentials
import Messaging
import Testing

@Suite struct StepTransitionTests {
    let story: Story
    let rules = StepRules()
    let uploaded: MediaRecord

    init() throws {
        story = try Story()
        uploaded = try story.create().record.uploaded(stepDeadline: .seconds(3600), story.context(1)).unwrapped().record
    }

    private func processing() throws -> MediaRecord {
        try uploaded.ingested(story.ingested, rules, story.context(2)).unwrapped().record
    }

    @Test func ingestedStartsTheProcessing() throws {
        let transition = try uploaded.ingested(story.ingested, rules, story.context(2, after: 10)).unwrapped()
        let record = transition.record
        #expect(record.status == .processing && record.revision == 3 && record.progress == 0)
        #expect(record.kind == .image && record.format == .jpeg && record.etag == "e" && record.contentType == "image/png")
        #expect(record.deadline == Story.start.addingTimeInterval(3610))
        #expect(try record.ingested(story.ingested, rules, story.context(3)) == nil)
    }

    @Test func aStepIsNoRevisionButProgress() throws {
        let transition = try processing().completed(story.completed(.metadata), rules, story.context(3)).unwrapped()
        #expect(transition.record.revision == 3 && transition.record.progress == 0.5 && transition.record.outcome == nil)
        #expect(transition.commit.outputs.map(\.stream) == [.feed])
        var ledger = Ledger()
        _ = ledger.apply(Commit(story.keys.mediaId, outputs: transition.commit.outputs))
        #expect(ledger.progress.map(\.data.state) == [.completed] && ledger.progress.map(\.data.durationMs) == [12])
    }

    @Test func theLastStepDecidesAndTheAnnouncementIsTheRevision() throws {
        let half = try processing().completed(story.completed(.metadata), rules, story.context(3)).unwrapped().record
        let decided = try half.completed(story.completed(.variants), rules, story.context(4, after: 5)).unwrapped()
        #expect(decided.record.outcome?.status == .ready && decided.record.status == .processing)
        #expect(!decided.commit.outputs.contains { $0.stream == .mediaStatus })
        let end = try decided.record.announced(story.context(5, after: 6)).unwrapped()
        #expect(end.record.status == .ready && end.record.revision == 4 && end.record.progress == 1)
        #expect(end.record.changedAt == Story.start.addingTimeInterval(5))
        let status = end.record.statusChanged
        #expect(status.width == 640 && status.blurhash == Story.metadata.blurhash && status.processed.thumbnails.count == 1)
        #expect(try Manifest(decided.record).unwrapped().statusChanged == status)
    }

    @Test func answersBeforeIngestedAreKept() throws {
        let early = try uploaded.completed(story.completed(.variants), rules, story.context(2)).unwrapped().record
        #expect(early.status == .uploaded && early.outcome == nil)
        let both = try early.completed(story.completed(.metadata), rules, story.context(3)).unwrapped().record
        let ingested = try both.ingested(story.ingested, rules, story.context(4)).unwrapped()
        #expect(ingested.record.status == .processing && ingested.record.outcome?.status == .ready)
        #expect(try ingested.record.announced(story.context(5)).unwrapped().record.revision == 4)
    }

    @Test func aFailedRequiredStepFailsAtOnce() throws {
        let decided = try processing().failed(story.failed(.variants, .tooManyPixels), rules, story.context(3)).unwrapped()
        #expect(decided.record.outcome?.error?.code == .tooManyPixels)
        #expect(try decided.record.completed(story.completed(.metadata), rules, story.context(4)) == nil)
        #expect(try Manifest(decided.record).unwrapped().steps.map(\.state) == [.unanswered, .failed])
    }

    @Test func aFailedOptionalStepIsAWarning() throws {
        var rules = rules
        rules.optional = [.variants]
        let failed = try processing().failed(story.failed(.variants), rules, story.context(3)).unwrapped().record
        #expect(failed.outcome == nil && failed.warnings.map(\.code) == ["corruptMedia"])
        let decided = try failed.completed(story.completed(.metadata), rules, story.context(4)).unwrapped().record
        let manifest = try Manifest(decided).unwrapped()
        #expect(manifest.status == .ready && manifest.warnings.map(\.step) == [.variants] && manifest.error == nil)
    }

    @Test func aFailureBeforeIngestedWaitsForThePlan() throws {
        let early = try uploaded.failed(story.failed(.metadata), rules, story.context(2)).unwrapped().record
        #expect(early.outcome == nil)
        let ingested = try early.ingested(story.ingested, rules, story.context(3)).unwrapped().record
        #expect(ingested.outcome?.error?.code == .corruptMedia && ingested.kind == .image)
    }

    @Test func aRefusedOriginalFailsUnlessItWasAccepted() throws {
        let event = story.failed(.ingest, .unsupportedMediaType)
        for record in [try story.create().record, uploaded] {
            let decided = try record.failed(event, rules, story.context(1)).unwrapped().record
            let manifest = try Manifest(decided).unwrapped()
            #expect(manifest.error?.code == .unsupportedMediaType && manifest.status == .failed)
            #expect(manifest.original?.contentType == "image/png")
        }
        #expect(try processing().failed(event, rules, story.context(1)) == nil)
    }

    @Test func everySignOfLifeMovesTheDeadline() throws {
        let start = try processing()
        let moved = try start.progressed(story.progressed(.variants, 0.5), rules, story.context(3, after: 60)).unwrapped().record
        #expect(moved.deadline == Story.start.addingTimeInterval(3660) && moved.progress == 0.25 && moved.revision == 3)
        // A step that began anew is not as far as it was; what is shown does not fall, and nobody is told.
        for value in [0.5, 0.2, 0, -1] {
            let alive = try moved.progressed(story.progressed(.variants, value), rules, story.context(4, after: 120)).unwrapped()
            #expect(alive.record.deadline == Story.start.addingTimeInterval(3720) && alive.record.progress == 0.25)
            #expect(alive.commit.outputs.isEmpty && alive.commit.changes.count == 2)
        }
        for value in [Double.nan, .infinity] {
            #expect(try moved.progressed(story.progressed(.variants, value), rules, story.context(4, after: 120)) == nil)
        }
        #expect(try moved.progressed(story.progressed(.variants, 0.5), rules, story.context(4, after: 60)) == nil)
        let earlier = try moved.progressed(story.progressed(.variants, 7), rules, story.context(4, after: 30)).unwrapped().record
        #expect(earlier.deadline == moved.deadline && earlier.progress == 0.5)
    }

    private func playable(_ folder: String, renditions: Int, _ progress: Double) -> StepProgress {
        let rendition = TranscodeResult.Rendition(width: 2, height: 2, frameRate: 25, codec: "avc1.64001f")
        let result = TranscodeResult(
            hls: "\(folder)/master.m3u8", dash: "\(folder)/manifest.mpd", duration: 1,
            renditions: Array(repeating: rendition, count: renditions), sounds: [], subtitles: [], isComplete: false)
        return StepProgress(
            mediaId: story.keys.mediaId, projectId: story.keys.projectId, step: .transcode, progress: progress,
            result: .transcode(result))
    }

    @Test func whatCanBePlayedShowsBeforeTheStepIsDone() throws {
        let record = try processing().progressed(playable("a", renditions: 2, 0.5), rules, story.context(3)).unwrapped().record
        #expect(record.statusChanged.processed.hls == "a/master.m3u8" && record.status == .processing)
        // A later attempt is shown as soon as it has as much to offer, however far it is.
        let less = try record.progressed(playable("b", renditions: 1, 0.1), rules, story.context(4, after: 9)).unwrapped().record
        #expect(less.statusChanged.processed.hls == "a/master.m3u8")
        let more = try less.progressed(playable("b", renditions: 2, 0.2), rules, story.context(5, after: 9)).unwrapped().record
        #expect(more.statusChanged.processed.hls == "b/master.m3u8")
        let failed = try record.failed(story.failed(.transcode), rules, story.context(4)).unwrapped().record
        #expect(failed.transcode == nil)
    }

    @Test func silenceNamesTheStepsThatNeverAnswered() throws {
        let half = try processing().completed(story.completed(.metadata), rules, story.context(3)).unwrapped().record
        #expect(try half.timedOut(story.context(4, after: 3599)) == nil)
        let decided = try half.timedOut(story.context(4, after: 3600)).unwrapped().record
        #expect(decided.outcome?.error == MediaError(.stepTimedOut, "No answer in time from: variants.", step: .variants))
        #expect(try decided.timedOut(story.context(5, after: 9999)) == nil)
        let never = try uploaded.timedOut(story.context(2, after: 3600)).unwrapped().record
        #expect(never.outcome?.error == MediaError(.stepTimedOut, "No answer in time from: ingest.", step: .ingest))
    }

    @Test func aMediaThatOnlyEventsKnowIsBuiltFromThem() throws {
        let context = story.context(0)
        let unknown = MediaRecord.recovered(story.keys, rules, context)
        let fromStep = try unknown.completed(story.completed(.metadata), rules, context).unwrapped()
        var ledger = Ledger()
        #expect(ledger.apply(fromStep.commit) == .committed)
        #expect(ledger.places(of: story.keys.mediaId) == ["project:demo:uploaded", "deadlines"])
        let ingested = try fromStep.record.ingested(story.ingested, rules, story.context(1)).unwrapped()
        #expect(ledger.apply(ingested.commit) == .committed)
        #expect(ledger.places(of: story.keys.mediaId) == ["project:demo:processing", "deadlines"])
        #expect(ingested.record.key == story.key && ingested.record.revision == 3 && ingested.record.progress == 0.5)
    }

    @Test func anEmptyPlanIsReadyAtOnce() throws {
        var story = story
        story.plan = []
        #expect(try uploaded.ingested(story.ingested, rules, story.context(2)).unwrapped().record.outcome?.status == .ready)
    }
}
