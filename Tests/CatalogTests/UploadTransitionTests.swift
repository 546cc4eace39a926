import Events
import FoundationEssentials
import Messaging
import Testing

@testable import Catalog

@Suite struct UploadTransitionTests {
    @Test func createsARecordThatIsListedAndHasADeadline() throws {
        let story = try Story()
        var ledger = Ledger()
        let created = try story.create()
        #expect(ledger.apply(created.commit) == .committed)
        #expect(try ledger.entry(story.keys.mediaId)?.entry == .inFlight(created.record))
        #expect(ledger.places(of: story.keys.mediaId) == ["project:demo:uploading", "deadlines"])
        #expect(ledger.indexes["deadlines"]?.values.first == (Story.start.timeIntervalSince1970 + 900) * 1000)
        #expect(ledger.statuses.map(\.data.status) == [.uploading])
        #expect(ledger.statuses.map(\.id) == ["\(story.keys.mediaId).r1"])
    }

    @Test func announcesTheSameEnvelopeToTheNotifierAndToTheFeed() throws {
        let outputs = try Story().create().commit.outputs
        #expect(outputs.map(\.stream) == [.mediaStatus, .feed])
        #expect(outputs[0].payload == outputs[1].payload)
    }

    @Test func cannotBeCreatedTwice() throws {
        let story = try Story()
        var ledger = Ledger()
        #expect(ledger.apply(try story.create().commit) == .committed)
        #expect(ledger.apply(try story.create().commit) == .conflict)
        #expect(ledger.statuses.count == 1)
    }

    @Test func uploadedSendsMediaUploadedOnce() throws {
        let story = try Story()
        var ledger = Ledger()
        let record = try story.create().record
        _ = ledger.apply(try story.create().commit)
        let uploaded = try record.uploaded(stepDeadline: .seconds(60), story.context(1, after: 3)).unwrapped()
        #expect(ledger.apply(uploaded.commit) == .committed)
        #expect(ledger.apply(uploaded.commit) == .conflict)
        let events = ledger.events(MediaUploaded.self, on: .mediaUploaded)
        #expect(events.map(\.data.key) == [story.key])
        #expect(uploaded.record.status == .uploaded && uploaded.record.revision == 2)
        #expect(uploaded.record.deadline == Story.start.addingTimeInterval(63))
        #expect(ledger.places(of: story.keys.mediaId) == ["project:demo:uploaded", "deadlines"])
        #expect(try uploaded.record.uploaded(stepDeadline: .seconds(60), story.context(2)) == nil)
    }

    @Test func anUploadThatIsNeverCompletedFails() throws {
        let story = try Story()
        let record = try story.create().record
        #expect(try record.timedOut(story.context(1, after: 899)) == nil)
        let decided = try record.timedOut(story.context(1, after: 900)).unwrapped().record
        let end = try decided.announced(story.context(2)).unwrapped()
        #expect(end.record.status == .failed)
        #expect(end.record.statusChanged.error?.code == .originalMissing)
    }

    @Test func aDeletedMediaLeavesEveryIndexAndATombstone() throws {
        let story = try Story()
        var ledger = Ledger()
        let created = try story.create()
        _ = ledger.apply(created.commit)
        #expect(ledger.apply(created.record.deleted(story.context(1))) == .committed)
        #expect(ledger.places(of: story.keys.mediaId).isEmpty)
        #expect(try ledger.entry(story.keys.mediaId)?.entry == .deleted)
    }

    @Test func aRecordSurvivesItsStoredForm() throws {
        let story = try Story()
        let context = TransitionContext(
            version: 0, now: Date(timeIntervalSince1970: 1_790_000_000.123_456_7), source: "t", trace: .random())
        let record = try MediaRecord.create(
            story.keys, fileName: "Ätsch 🐈.jpg", contentType: "image/jpeg", size: 5,
            upload: UploadSession(uploadId: "u", partSize: 8 << 20), deadline: Date(timeIntervalSince1970: 1_790_000_900.987_654),
            context
        ).record
        let stored = String(decoding: try EventCoding.encode(record), as: UTF8.self)
        #expect(try CatalogEntry(record.mediaId, stored: stored) == .inFlight(record))
    }

    @Test func aRecordOfBeforeThereWereTracesIsUnderstood() throws {
        let record = try Story().create().record
        let trace = try #require(record.trace)
        let stored = String(decoding: try EventCoding.encode(record), as: UTF8.self)
        let before = stored.replacing(#","trace":"\#(trace.rawValue)""#, with: "")
        #expect(before.utf8.count < stored.utf8.count)
        var expected = record
        expected.trace = nil
        #expect(try CatalogEntry(record.mediaId, stored: before) == .inFlight(expected))
    }

    @Test(arguments: 0..<1000)
    func everyMillisecondSurvivesItsStoredForm(offset: Int) throws {
        let context = TransitionContext(
            version: 0, now: Date(timeIntervalSince1970: 1_790_000_000 + Double(offset) * 0.001_000_3), source: "t",
            trace: .random())
        let text = EventCoding.string(from: context.now)
        #expect(EventCoding.date(from: text).map(EventCoding.string) == text)
        #expect(EventCoding.date(from: text) == context.now)
    }
}
