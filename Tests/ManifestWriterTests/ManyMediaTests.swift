import Catalog
import Events
import FoundationEssentials
import Messaging
import RedisBus
import TestSupport
import Testing

/// Real Redis, several replicas at once: each media ends once, whatever comes twice and whoever dies.
@Suite struct ManyMediaTests {
    @Test func twoHundredMediaWithDuplicatesAreReadyOnceEach() async throws {
        let rig = try await WriterRig()
        let media = (0..<200).map { _ in Media() }
        let events = try media.flatMap { try $0.success() }
        try await rig.running(4) {
            try await rig.publish(
                (events + events.filter { _ in Bool.random() } + events.filter { _ in Bool.random() }).shuffled())
            try await eventually("everything is settled") { try await rig.unsettled() == 0 }
        }
        try await expectReadyOnce(media, rig)
        await rig.close()
    }

    /// Consumers that are cancelled in mid-work leave entries behind, as killed processes do; others reclaim them.
    @Test func whatDeadReplicasLeaveBehindIsFinishedByOthers() async throws {
        let rig = try await WriterRig(visibility: .milliseconds(400))
        let media = (0..<100).map { _ in Media() }
        try await rig.publish(try media.flatMap { try $0.success() }.shuffled())
        for _ in 0..<8 {
            let doomed = rig.consumer(visibility: .milliseconds(400))
            let run = Task { await doomed.run() }
            try await Task.sleep(for: .milliseconds(Int.random(in: 5...60)))
            run.cancel()
            await run.value
        }
        try await rig.running(2) {
            try await eventually("everything is settled") { try await rig.unsettled() == 0 }
        }
        try await expectReadyOnce(media, rig)
        await rig.close()
    }

    private func expectReadyOnce(_ media: [Media], _ rig: WriterRig) async throws {
        for stream in [Stream.mediaStatus, .feed] {
            let statuses = try await rig.statuses(on: stream)
            #expect(statuses.count == media.count * 2)
            #expect(Set(statuses.map(\.id)) == Set(media.flatMap { ["\($0.id).r3", "\($0.id).r4"] }))
            #expect(statuses.filter { $0.data.status == .ready }.count == media.count)
        }
        for media in media {
            let manifest = try #require(try await rig.catalog.manifest(media.keys))
            #expect(manifest.status == .ready && manifest.revision == 4 && manifest.metadata?.width == 640)
        }
        #expect(
            try await rig.catalog.list(project: media[0].keys.projectId, status: .ready, limit: 1000).items.count == media.count)
    }
}
