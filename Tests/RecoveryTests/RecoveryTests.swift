import Catalog
import Events
import FoundationEssentials
import Messaging
import ObjectStore
import Recovery
import Redis
import RedisBus
import TestSupport
import Testing

@Suite struct RecoveryTests {
    @Test func originalsWithoutManifestAreProcessedAsIfJustUploaded() async throws {
        let rig = try await RecoveryRig()
        let lost = try await rig.media()
        #expect(try await rig.walk().tally.lostOriginals == 1)
        let uploaded = try await rig.events(MediaUploaded.self)
        #expect(
            uploaded.map(\.data.mediaId) == [lost.mediaId] && uploaded.map(\.data.key) == [lost.original(fileName: "cat.jpg")])
        #expect(uploaded.first?.data.size == 5 && uploaded.first?.data.fileName == "cat.jpg")
        let status = try #require(try await rig.catalog.status(lost.mediaId))
        #expect(status.status == .uploaded && status.revision == 2)
        #expect(try await rig.events(MediaStatusChanged.self).map(\.data) == [status])
        #expect(try await rig.catalog.overdue(now: Date(timeIntervalSinceNow: 3601), limit: 9) == [lost.mediaId])
        #expect(try await rig.walk().findings.isEmpty, "it is known now")
        await rig.close()
    }

    @Test func finishedMediaComeBackIntoTheListings() async throws {
        let rig = try await RecoveryRig()
        let (ready, failed) = (try await rig.media(.ready), try await rig.media(.failed))
        let tally = try await rig.walk().tally
        #expect((tally.lostEntries, tally.lostOriginals, tally.media) == (2, 0, 2))
        for (keys, status) in [(ready, MediaStatus.ready), (failed, .failed)] {
            #expect(
                try await rig.catalog.list(project: rig.project, status: status, limit: 9).items.map(\.mediaId) == [keys.mediaId])
            let manifest = try #require(try await rig.catalog.manifest(keys))
            #expect(try await rig.catalog.entry(keys.mediaId)?.entry == .finished(MediaSummary(manifest)))
            #expect(try await rig.catalog.status(keys.mediaId)?.status == status)
        }
        #expect(try await rig.events(MediaStatusChanged.self).isEmpty, "it was announced long ago")
        #expect(try await rig.walk().findings.isEmpty)
        await rig.close()
    }

    @Test func manyAtOnceDoEachThingOnce() async throws {
        let rig = try await RecoveryRig()
        var media: Set<MediaID> = []
        for number in 0..<120 { media.insert(try await rig.media(number % 3 == 0 ? .ready : nil).mediaId) }
        let tallies = try await withThrowingTaskGroup { group in
            for pageSize in [7, 50, 50, 1000] { group.addTask { try await rig.walk(pageSize: pageSize).tally } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(tallies.map(\.lostOriginals).reduce(0, +) == 80 && tallies.map(\.lostEntries).reduce(0, +) == 40)
        let uploaded = try await rig.events(MediaUploaded.self).map(\.data.mediaId)
        #expect(uploaded.count == 80 && Set(uploaded).isSubset(of: media) && Set(uploaded).count == 80)
        #expect(try await rig.events(MediaStatusChanged.self).count == 80)
        await rig.close()
    }

    @Test func lookingChangesNothing() async throws {
        let rig = try await RecoveryRig()
        for status in [nil, .ready, .failed] as [MediaStatus?] { _ = try await rig.media(status) }
        let before = try await rig.store.list(prefix: "", startAfter: nil, limit: 100)
        #expect(try await rig.walk(mending: false).findings.count == 3)
        #expect(try await rig.redis.send(["DBSIZE"]) == .integer(0))
        #expect(try await rig.store.list(prefix: "", startAfter: nil, limit: 100) == before)
        await rig.close()
    }

    @Test func whatIsYoungIsLeftAlone() async throws {
        let rig = try await RecoveryRig(minimumAge: .seconds(60))
        let young = try await rig.media()
        #expect(try await rig.walk().findings == [.young(young)])
        #expect(try await rig.redis.send(["DBSIZE"]) == .integer(0))
        let page = try await all(rig)
        #expect(try await rig.recovery.look(at: page, now: Date(timeIntervalSinceNow: 59)).count == 1)
        let later = try await rig.recovery.look(at: page, now: Date(timeIntervalSinceNow: 61))
        #expect(try await rig.recovery.mend(later).map(\.outcome) == [.mended])
        await rig.close()
    }

    private func all(_ rig: RecoveryRig) async throws -> [StoredMedia] {
        var walk = StoreWalk(rig.store)
        return try await walk.next() ?? []
    }

    /// Also those that are in the middle of work, and those whose decider has died.
    @Test func whatIsInFlightIsLeftAlone() async throws {
        let rig = try await RecoveryRig()
        let keys = try await rig.media()
        _ = try await begin(keys, size: 5, rig)
        #expect(try await rig.walk().tally.untoldOriginals == 1)
        let record = try await rig.catalog.entry(keys.mediaId)?.entry
        #expect(try await rig.walk().findings.isEmpty)
        try await rig.put(keys.manifest, try RecoveryRig.manifest(keys, .failed))
        #expect(try await rig.walk().findings.isEmpty)
        #expect(try await rig.catalog.entry(keys.mediaId)?.entry == record)
        await rig.close()
    }

    /// Its client went away, and the store's event was lost.
    @Test func anUploadOfWhichNobodyToldIsCompletedOnceItsBytesAreOldEnough() async throws {
        let rig = try await RecoveryRig(minimumAge: .seconds(60))
        let (keys, other) = (try await rig.media(), try await rig.media())
        let record = try await begin(keys, size: 5, rig)
        _ = try await begin(other, size: 6, rig)
        let page = try await all(rig)
        #expect(try await rig.recovery.look(at: page).isEmpty, "its client may be about to")
        let findings = try await rig.recovery.look(at: page, now: Date(timeIntervalSinceNow: 61))
        #expect(findings.map(\.keys) == [keys], "of another size than was announced it is none")
        #expect(try await rig.catalog.entry(keys.mediaId)?.entry == .inFlight(record))
        let outcomes = try await withThrowingTaskGroup { group in
            for _ in 0..<4 { group.addTask { try await rig.recovery.mend(findings).map(\.outcome) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(outcomes.count { $0 == .mended } == 1 && outcomes.count { $0 == .untouched } == 3)
        #expect(try await rig.events(MediaUploaded.self).map(\.data.mediaId) == [keys.mediaId])
        #expect(try await rig.catalog.status(keys.mediaId)?.status == .uploaded)
        await rig.close()
    }

    /// An upload that is under way.
    private func begin(_ keys: MediaKeys, size: Int64, _ rig: RecoveryRig) async throws -> MediaRecord {
        let created = try MediaRecord.create(
            keys, fileName: "cat.jpg", contentType: "image/jpeg", size: size, deadline: Date(timeIntervalSinceNow: -60),
            TransitionContext(version: 0, source: "test", trace: .random()))
        #expect(try await rig.bus.commit(created.commit) == .committed)
        return created.record
    }

    /// Whoever gave the upload up died before the bytes were gone.
    @Test func theRestOfAGivenUpUploadIsRemoved() async throws {
        let rig = try await RecoveryRig()
        let (keys, other) = (try await rig.media(), try await rig.media(.ready))
        let context = { TransitionContext(version: $0, source: "test", trace: .random()) }
        let created = try MediaRecord.create(
            keys, fileName: "cat.jpg", contentType: "image/jpeg", size: 5, deadline: Date(), context(0))
        _ = try await rig.bus.commit(created.commit)
        #expect(try await rig.bus.commit(created.record.deleted(context(1))) == .committed)
        #expect(try await rig.walk().tally.abandonedOriginals == 1)
        #expect(try await rig.store.head(keys.original(fileName: "cat.jpg")) == nil)
        #expect(try await rig.store.head(other.original(fileName: "cat.jpg")) != nil)
        #expect(try await rig.events(MediaUploaded.self).isEmpty)
        await rig.close()
    }

    @Test func whatCannotBeReadStopsNothing() async throws {
        let rig = try await RecoveryRig()
        let bad = [try await rig.media(.ready), try await rig.media(.ready), try await rig.media(.ready), try await rig.media()]
        try await rig.put(bad[0].manifest, "no JSON")
        try await rig.put(bad[1].manifest, try RecoveryRig.manifest(bad[2], .ready))
        try await rig.put(bad[2].manifest, String(repeating: " ", count: 5 << 20))
        let record = RedisKeys.state(bad[3].mediaId.partition(of: 2), CatalogKeys.media(bad[3].mediaId))
        _ = try await rig.redis.send(["HSET", record, "v", "7", "d", "no record"])
        let good = [try await rig.media(.ready), try await rig.media()]
        let (findings, tally) = try await rig.walk()
        #expect((tally.unreadable, tally.lostEntries, tally.lostOriginals) == (3, 1, 1))
        #expect(!findings.map(\.keys).contains(bad[3]), "nothing is done to what is not understood")
        #expect(try await rig.catalog.status(good[0].mediaId)?.status == .ready)
        #expect(try await rig.catalog.status(good[1].mediaId)?.status == .uploaded)
        await rig.close()
    }

    @Test func theStoreAwayIsAnErrorAndNotAnEmptyStore() async throws {
        let rig = try await RecoveryRig()
        let keys = try await rig.media(.ready)
        let page = try await all(rig)
        try FileManager.default.moveItem(atPath: rig.directory.path + "/objects", toPath: rig.directory.path + "/away")
        await #expect(throws: StoreError.self) { try await rig.walk() }
        let findings = try await rig.recovery.look(at: page)
        await #expect(throws: (any Error).self) { try await rig.recovery.mend(findings) }
        try FileManager.default.moveItem(atPath: rig.directory.path + "/away", toPath: rig.directory.path + "/objects")
        #expect(try await rig.walk().tally.lostEntries == 1)
        #expect(try await rig.catalog.status(keys.mediaId)?.status == .ready)
        await rig.close()
    }

    /// ingest-listener had judged it before its record was lost.
    @Test func anOldNoteOfIngestListenerIsForgotten() async throws {
        let rig = try await RecoveryRig()
        let keys = try await rig.media()
        let note = StateChange.put(key: CatalogKeys.ingested(keys.mediaId), value: "ingested", expecting: 0)
        _ = try await rig.bus.commit(Commit(keys.mediaId, changes: [note]))
        #expect(try await rig.walk().tally.lostOriginals == 1)
        #expect(try await rig.catalog.ingestNote(keys.mediaId) == nil)
        await rig.close()
    }
}
