import Catalog
import Events
import FoundationEssentials
import Messaging
import ObjectStore
import RedisBus
import TestSupport
import Testing

@testable import Arrivals

@Suite(.timeLimit(.minutes(2))) struct OriginalTests {
    @Test func anOriginalCompletesItsUploadOnce() async throws {
        let rig = try await ArrivalsRig()
        let (keys, key) = try await rig.upload()
        #expect(try await rig.arrivals.arrived(key) == .gone, "an event may come from nowhere")
        try await rig.put(key)
        let outcomes = try await withThrowingTaskGroup(of: Arrivals.Outcome.self) { group in
            for _ in 0..<8 { group.addTask { try await rig.arrivals.arrived(key) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == .begun(keys) } == 1 && outcomes.count { $0 == .known(keys) } == 7)
        let events = try await rig.uploaded()
        #expect(events.map(\.mediaId) == [keys.mediaId])
        guard case .inFlight(let record) = try await rig.catalog.entry(keys.mediaId)?.entry else { throw NoRecord() }
        let traces = try await rig.told().map { TraceParent(rawValue: $0.traceparent)?.traceId }
        #expect(traces == [record.trace?.traceId] && record.trace != nil, "the upload's own trace goes on")
        #expect(events.first?.key == key && events.first?.size == 5 && events.first?.fileName == "a.jpg")
        #expect(try await rig.catalog.status(keys.mediaId)?.status == .uploaded)
        await rig.close()
    }

    @Test func whatWasNotAnnouncedCompletesNothing() async throws {
        let rig = try await ArrivalsRig()
        let (keys, key) = try await rig.upload(size: 6)
        try await rig.put(key)
        #expect(try await rig.arrivals.arrived(key) == .unfit(keys))
        let other = keys.original(fileName: "other.jpg")
        try await rig.put(other)
        #expect(try await rig.arrivals.arrived(other) == .foreign)
        let project = try #require(ProjectID("elsewhere"))
        let stolen = MediaKeys(projectId: project, mediaId: keys.mediaId).original(fileName: "a.jpg")
        try await rig.put(stolen)
        #expect(try await rig.arrivals.arrived(stolen) == .foreign, "a media of another project")
        for key in [keys.derived("x/1.webp"), keys.manifest, "a/b", "", "../x", "system/keys/1"] {
            #expect(try await rig.arrivals.arrived(key) == .foreign)
        }
        #expect(try await rig.uploaded().isEmpty)
        await rig.close()
    }

    @Test func whatArrivesForAnUploadThatWasGivenUpIsRemoved() async throws {
        let rig = try await ArrivalsRig()
        let (keys, key) = try await rig.upload()
        guard case .inFlight(let record) = try await rig.catalog.entry(keys.mediaId)?.entry else { throw NoRecord() }
        let deleted = record.deleted(TransitionContext(version: 1, source: "test", trace: .random()))
        #expect(try await rig.bus.commit(deleted) == .committed)
        #expect(try await rig.arrivals.arrived(key) == .gone)
        try await rig.put(key)
        #expect(try await rig.arrivals.arrived(key) == .removed(keys))
        #expect(try await rig.store.head(key) == nil)
        #expect(try await rig.uploaded().isEmpty)
        await rig.close()
    }

    @Test func anOriginalThatRedisDoesNotKnowIsBroughtBackAtOnce() async throws {
        let rig = try await ArrivalsRig()
        let keys = MediaKeys(projectId: rig.project, mediaId: .generate())
        let key = keys.original(fileName: "b.png")
        #expect(try await rig.arrivals.arrived(key) == .gone)
        try await rig.put(key)
        #expect(try await rig.arrivals.arrived(key) == .begun(keys))
        #expect(try await rig.arrivals.arrived(key) == .known(keys))
        #expect(try await rig.uploaded().map(\.mediaId) == [keys.mediaId])
        await rig.close()
    }

    private struct NoRecord: Error {}
}
