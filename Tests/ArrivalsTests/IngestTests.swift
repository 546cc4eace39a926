import Catalog
import Events
import FoundationEssentials
import Messaging
import NIOCore
import ObjectStore
import TestSupport
import Testing

@testable import Arrivals

@Suite(.timeLimit(.minutes(2))) struct IngestTests {
    @Test func anObjectOfAnotherToolBecomesOneMedia() async throws {
        let rig = try await ArrivalsRig(prefixes: ["in/{project}/"])
        let key = "in/shop/2026/Ünï code +1.jpg"
        try rig.drop(key, "hello")
        let outcomes = try await withThrowingTaskGroup(of: Arrivals.Outcome.self) { group in
            for _ in 0..<6 { group.addTask { try await rig.arrivals.arrived(key) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let event = try #require(try await rig.uploaded().first)
        let keys = MediaKeys(projectId: event.projectId, mediaId: event.mediaId)
        #expect(try await rig.uploaded().count == 1 && outcomes.count { $0 == .begun(keys) } == 1)
        #expect(event.projectId.rawValue == "shop" && event.size == 5)
        #expect(MediaKeys.parse(event.key)?.place == .original)
        #expect(try await rig.store.readAll(event.key, limit: 10) == ByteBuffer(string: "hello"))
        #expect(try await rig.store.head(key) != nil, "the tool's own object stays")
        #expect(abs(event.mediaId.createdAt.timeIntervalSinceNow + 3600) < 30, "the id has the object's time")
        #expect(try await rig.catalog.status(keys.mediaId)?.status == .uploaded)
        await rig.close()
    }

    @Test func allWhoIngestMakeTheSameIdsAndNobodyElseCan() async throws {
        let (rig, other) = (try await ArrivalsRig(prefixes: ["in/=demo"]), try await ArrivalsRig(prefixes: ["in/=demo"]))
        try await rig.put("in/a.jpg")
        let object = try #require(try await rig.store.head("in/a.jpg"))
        let ids = try await withThrowingTaskGroup(of: MediaKeys.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    // As in a process of its own.
                    let arrivals = Arrivals(
                        catalog: rig.catalog, bus: rig.bus, store: rig.store, source: "test", stepDeadline: .seconds(3600))
                    return try await arrivals.media(of: object, in: rig.project)
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
        #expect(try await !ids.contains(other.arrivals.media(of: object, in: rig.project)), "another store's")
        let secrets = try await rig.store.list(prefix: "system/", startAfter: nil, limit: 9)
        #expect(secrets.map(\.size) == [32])
        await rig.close()
        await other.close()
    }

    @Test func overwrittenWithOtherBytesItIsAnotherMedia() async throws {
        let rig = try await ArrivalsRig(prefixes: ["in/=demo"])
        try await rig.put("in/a.jpg", "one")
        #expect(try await rig.arrivals.arrived("in/a.jpg").isBegun)
        try await rig.put("in/a.jpg", "two")
        #expect(try await rig.arrivals.arrived("in/a.jpg").isBegun)
        #expect(try await !rig.arrivals.arrived("in/a.jpg").isBegun)
        #expect(Set(try await rig.uploaded().map(\.mediaId)).count == 2)
        await rig.close()
    }

    @Test func whoWasInterruptedAfterTheCopyBeginsAnew() async throws {
        let rig = try await ArrivalsRig(prefixes: ["in/=demo"])
        try await rig.put("in/a.jpg")
        let object = try #require(try await rig.store.head("in/a.jpg"))
        let keys = try await rig.arrivals.media(of: object, in: rig.project)
        try await rig.store.copy("in/a.jpg", to: keys.original(fileName: "a.jpg"))
        #expect(try await rig.arrivals.arrived("in/a.jpg") == .begun(keys))
        #expect(try await rig.uploaded().count == 1)
        await rig.close()
    }

    @Test func whatWasOverwrittenSinceItWasListedIsNotTakenForTheOldOne() async throws {
        let rig = try await ArrivalsRig(prefixes: ["in/=demo"])
        try await rig.put("in/a.jpg", "one")
        let old = try #require(try await rig.store.head("in/a.jpg"))
        try await rig.put("in/a.jpg", "two")
        #expect(try await rig.arrivals.ingest(old, into: rig.project) == .gone)
        #expect(try await rig.arrivals.arrived("in/a.jpg").isBegun)
        #expect(try await rig.uploaded().count == 1)
        await rig.close()
    }

    @Test func foldersAndHiddenOnesAndStrangersAreLeftAlone() async throws {
        let rig = try await ArrivalsRig(prefixes: ["in/{project}/"])
        for key in ["in/shop/.a.jpg.Xw3", "in/shop/.tmp/a.jpg", "in/No Project/a.jpg", "in/a.jpg", "elsewhere/shop/a.jpg"] {
            try rig.drop(key)
            #expect(try await rig.arrivals.arrived(key) == .foreign)
        }
        try rig.drop("in/shop/empty.jpg", "")
        #expect(try await rig.arrivals.arrived("in/shop/empty.jpg") == .foreign)
        #expect(try await rig.arrivals.arrived("in/shop/gone.jpg") == .gone)
        #expect(try await rig.uploaded().isEmpty)
        await rig.close()
    }

    @Test func whatIsThereAlreadyIsFoundPageByPage() async throws {
        let rig = try await ArrivalsRig(prefixes: ["in/{project}/", "scans/=archive"])
        for number in 0..<7 { try rig.drop("in/shop/\(number).jpg", "\(number)") }
        try rig.drop("scans/a/b/c.jpg")
        try rig.drop("scans/young.jpg", age: 0)
        try rig.drop("other/x.jpg")
        var begun: [Newcomer] = []
        for _ in 0..<2 {
            var walk = PrefixWalk(rig.store, ["scans/", "in/", "in/shop/"], pageSize: 3)
            while let page = try await walk.next() {
                let newcomers = try await rig.arrivals.newcomers(among: page, oldEnough: Date(timeIntervalSinceNow: -60))
                begun += try await rig.arrivals.ingest(newcomers).filter(\.isBegun).map(\.newcomer)
            }
        }
        #expect(begun.map(\.object.key).sorted() == (0..<7).map { "in/shop/\($0).jpg" } + ["scans/a/b/c.jpg"])
        #expect(Set(try await rig.uploaded().map(\.mediaId)) == Set(begun.map(\.keys.mediaId)))
        #expect(try await rig.uploaded().count == 8)
        await rig.close()
    }

    @Test func oneThatCannotBeCopiedHoldsUpNoOther() async throws {
        let rig = try await ArrivalsRig(prefixes: ["in/=demo"])
        for name in ["a", "b", "c"] { try rig.drop("in/\(name).jpg", name) }
        let page = try await rig.store.list(prefix: "in/", startAfter: nil, limit: 10)
        let newcomers = try await rig.arrivals.newcomers(among: page, oldEnough: Date())
        let bad = try #require(newcomers.first { $0.object.key == "in/b.jpg" })
        // Where its copy should go there is a folder.
        try rig.drop(bad.keys.original(fileName: "b.jpg") + "/x")
        let ingestions = try await rig.arrivals.ingest(newcomers)
        #expect(ingestions.filter { $0.failure != nil }.map(\.newcomer) == [bad])
        #expect(ingestions.count { $0.isBegun } == 2)
        #expect(try await rig.arrivals.ingest([bad]).count == 1, "the store is there: it is about this one")
        await rig.close()
    }
}

extension Arrivals.Outcome {
    var isBegun: Bool { if case .begun = self { true } else { false } }
}
