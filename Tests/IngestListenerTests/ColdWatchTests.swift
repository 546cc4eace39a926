import Catalog
import Events
import FoundationEssentials
import Logging
import Messaging
import NIOCore
import ObjectStore
import ServiceLifecycle
import TestSupport
import Testing

@testable import IngestListener

@Suite(.timeLimit(.minutes(2))) struct ColdWatchTests {
    private static let photo = [UInt8](repeating: 7, count: 200_000)

    @Test func originalsOfFinishedMediaGoWhenTheyAreOld() async throws {
        let rig = try await IngestRig(cold: true)
        var old: [String] = []
        for _ in 1...5 { old.append(try await finished(Self.photo, rig)) }
        let small = try await finished([1, 2, 3], rig)
        let unfinished = try await rig.upload(Self.photo).key
        try await running([watch(rig), watch(rig)]) {
            try await eventually("the old ones are archived, to the last byte") {
                old.allSatisfy { size($0, rig) == 0 }
            }
            let restored = try await rig.store.restore(old[0])
            #expect(restored.state.isReadable)
            let late = try await finished(Self.photo, rig)
            try await eventually("the next walk takes what is old by then") { size(late, rig) == 0 }
        }
        for key in old { #expect(try await rig.store.head(key)?.state.isReadable == (key == old[0])) }
        for key in [small, unfinished] { #expect(try await rig.store.head(key)?.state == .available) }
        await rig.close()
    }

    @Test func oneThatCannotGoHoldsUpNoOther() async throws {
        let rig = try await IngestRig(cold: true)
        let keys = try await [finished(Self.photo, rig), finished(Self.photo, rig)].sorted()
        // A directory where the first one's copy belongs.
        let blocked = "\(rig.directory.path)/cold/objects/\(keys[0])/x"
        try FileManager.default.createDirectory(atPath: blocked, withIntermediateDirectories: true)
        try await running([watch(rig)]) {
            try await eventually("the second has gone") { size(keys[1], rig) == 0 }
        }
        #expect(try await rig.store.head(keys[0])?.state == .available)
        await rig.close()
    }

    private func watch(_ rig: IngestRig) -> ColdWatch {
        let pass = SharedPass(bus: rig.bus, redis: rig.redis, partitions: 2, key: "cold")
        let cold = rig.store.cold ?? ColdStorage(.directory("/nonexistent"))
        return ColdWatch(store: rig.store, cold: cold, pass: pass, logger: Logger(label: "test"))
    }

    private func finished(_ bytes: [UInt8], _ rig: IngestRig) async throws -> String {
        let event = try await rig.upload(bytes)
        let keys = MediaKeys(projectId: event.projectId, mediaId: event.mediaId)
        try await rig.store.put(keys.manifest, ByteBuffer(string: "{}"), contentType: "application/json")
        return event.key
    }

    /// Of the file where the store's objects are.
    private func size(_ key: String, _ rig: IngestRig) -> Int? {
        let file = try? FileManager.default.attributesOfItem(atPath: "\(rig.directory.path)/store/objects/\(key)")
        return file?[.size] as? Int
    }

    private func running(_ watches: [ColdWatch], _ body: () async throws -> Void) async throws {
        let group = ServiceGroup(services: watches, logger: Logger(label: "test"))
        async let running: Void = group.run()
        try await body()
        await group.triggerGracefulShutdown()
        try await running
    }
}
