import Catalog
import Events
import FoundationEssentials
import Redis
import TestSupport
import Testing

@Suite struct CatalogReadingTests {
    @Test func statusFollowsTheMediaToItsManifest() async throws {
        let rig = try await CatalogRig()
        let story = try Story()
        let id = story.keys.mediaId
        #expect(try await rig.catalog.status(id) == nil)
        #expect(try await rig.catalog.manifest(story.keys) == nil)
        let record = try await rig.make(story, until: .ready)
        #expect(try await rig.catalog.status(id) == record.statusChanged)
        #expect(try await rig.catalog.manifest(story.keys)?.original?.key == story.key)
        let processing = try Story()
        try await rig.make(processing, until: .processing)
        #expect(try await rig.catalog.status(processing.keys.mediaId)?.status == .processing)
        #expect(try await rig.catalog.manifest(processing.keys) == nil)
        await rig.close()
    }

    @Test func aManifestIsNotShownToAnotherProject() async throws {
        let rig = try await CatalogRig()
        let story = try Story()
        try await rig.make(story, until: .ready)
        let foreign = MediaKeys(projectId: try ProjectID("other").unwrapped(), mediaId: story.keys.mediaId)
        #expect(try await rig.catalog.manifest(foreign) == nil)
        await rig.close()
    }

    @Test func theStoreAnswersWhenRedisHasLostEverything() async throws {
        let rig = try await CatalogRig()
        let story = try Story()
        try await rig.make(story, until: .failed)
        try await rig.server.flushAll()
        #expect(try await rig.catalog.entry(story.keys.mediaId) == nil)
        #expect(try await rig.catalog.manifest(story.keys)?.status == .failed)
        await rig.close()
    }

    @Test func overdueIsWhatItsDeadlineSays() async throws {
        let rig = try await CatalogRig()
        let stories = try (0..<9).map { _ in try Story() }
        for story in stories { try await rig.make(story, until: .uploading) }
        try await rig.make(try Story(), until: .ready)
        let deadline = Story.start.addingTimeInterval(900)
        #expect(try await rig.catalog.overdue(now: deadline.addingTimeInterval(-0.001), limit: 100).isEmpty)
        let overdue = try await rig.catalog.overdue(now: deadline, limit: 100)
        #expect(Set(overdue) == Set(stories.map(\.keys.mediaId)))
        #expect(try await rig.catalog.overdue(now: deadline, limit: 4).count == 4)
        await rig.close()
    }

    @Test func whatIsNoRecordIsAnError() async throws {
        let rig = try await CatalogRig(partitions: 1)
        let id = MediaID.generate()
        _ = try await rig.redis.send(["HSET", RedisKeys.state(0, CatalogKeys.media(id)), "v", "1", "d", #"{"mediaId":1}"#])
        await #expect { try await rig.catalog.status(id) } throws: { ($0 as? CatalogError)?.code == .corrupt }
        await rig.close()
    }

    @Test func redisAwayIsUnavailable() async throws {
        let rig = try await CatalogRig(partitions: 1)
        rig.server.stop()
        await #expect { try await rig.catalog.status(.generate()) } throws: { ($0 as? CatalogError)?.code == .unavailable }
        await rig.close()
    }

    /// The promise is about 256 bytes; 275 were measured: 152 for the summary under its key, 123 in the listing (a skip list beyond
    /// 128 members). Of them 190 are Redis' own.
    @Test func aFinishedMediaCostsLittle() async throws {
        let rig = try await CatalogRig(partitions: 1)
        let count = 200
        let stories = try (0..<count).map { _ in try Story() }
        for story in stories { try await rig.make(story, until: .ready) }
        var bytes = try await usage(rig.redis, RedisKeys.index(0, "project:demo:ready"))
        for story in stories { bytes += try await usage(rig.redis, RedisKeys.state(0, CatalogKeys.media(story.keys.mediaId))) }
        #expect(bytes / count <= 280, "\(bytes / count) bytes a media")
        let others = try await rig.redis.send(["KEYS", "{mr:0}:index:*"]).array?.compactMap(\.string)
        #expect(others == [RedisKeys.index(0, "project:demo:ready")])
        await rig.close()
    }

    private func usage(_ redis: RedisClient, _ key: String) async throws -> Int {
        try await redis.send(["MEMORY", "USAGE", key, "SAMPLES", "0"]).integer.unwrapped()
    }
}
