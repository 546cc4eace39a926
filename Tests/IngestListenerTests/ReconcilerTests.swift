import Catalog
import Events
import FoundationEssentials
import Logging
import Messaging
import NIOCore
import ObjectStore
import Recovery
import Redis
import RedisBus
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import IngestListener

@Suite(.timeLimit(.minutes(2))) struct ReconcilerTests {
    @Test func severalAtOnceBringEverythingBackOnceAndAgainAfterAFlush() async throws {
        let rig = try await IngestRig()
        var media: Set<MediaID> = []
        for _ in 0..<60 { media.insert(try await rig.upload([0xff, 0xd8, 0xff]).mediaId) }
        try await running([reconciler(rig), reconciler(rig), reconciler(rig)]) {
            for _ in 0..<3 {
                try await eventually("every original is on its way") { try await uploaded(rig).count >= media.count }
                #expect(try await uploaded(rig).sorted() == media.sorted())
                try await rig.server.flushAll()
            }
        }
        await rig.close()
    }

    @Test func aWalkIsRepeatedOnlyWhenItIsDue() async throws {
        let rig = try await IngestRig()
        let first = try await rig.upload([1]).mediaId
        try await running([reconciler(rig, interval: .seconds(3600)), reconciler(rig, interval: .seconds(3600))]) {
            try await eventually("the first walk has ended") {
                let state = try await state(rig)
                return state != nil && state?.holder == nil
            }
            #expect(try await uploaded(rig) == [first])
            _ = try await rig.upload([1])
            let next = try #require(try await state(rig)?.until)
            #expect((3500...3700) ~= next.timeIntervalSinceNow)
        }
        #expect(try await uploaded(rig) == [first])
        await rig.close()
    }

    @Test func youngOriginalsAreSoonLookedAtAgain() async throws {
        let rig = try await IngestRig()
        let young = try await rig.upload([1]).mediaId
        try await running([reconciler(rig, interval: .seconds(3600), minimumAge: .seconds(1))]) {
            try await eventually("it is old enough") { try await uploaded(rig) == [young] }
        }
        await rig.close()
    }

    @Test func anotherGoesOnWhereADeadOneStood() async throws {
        let rig = try await IngestRig()
        let media = [try await rig.upload([1]), try await rig.upload([1])].sorted { $0.mediaId < $1.mediaId }
        let dead = pass(rig)
        let (state, version) = try #require(try await dead.claim(now: Date(timeIntervalSinceNow: -70)))
        #expect(state.position.isEmpty)
        #expect(try await pass(rig).claim(now: Date(timeIntervalSinceNow: -20)) == nil, "it may still live")
        #expect(try await dead.advance(to: media[0].key, over: version, now: Date(timeIntervalSinceNow: -61)))
        try await running([reconciler(rig)]) {
            try await eventually("the second is met") { try await uploaded(rig) == [media[1].mediaId] }
        }
        #expect(try await !dead.advance(to: "z", over: version + 1), "it changes nothing any more")
        await rig.close()
    }

    @Test func aPageMayTakeLongerThanADeadOneIsWaitedFor() async throws {
        let rig = try await IngestRig()
        var mine = pass(rig)
        mine.lease = 0.3
        let (state, version) = try #require(try await mine.claim())
        let end = ContinuousClock.now + .seconds(1)
        let next = try await mine.holding(state.position, over: version) {
            while ContinuousClock.now < end {
                #expect(try await pass(rig).claim() == nil, "nobody takes it")
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        #expect(next > version)
        #expect(try await mine.advance(to: "projects/x", over: next))
        await rig.close()
    }

    @Test func itsOwnWalkIsTakenUpAtOnce() async throws {
        let rig = try await IngestRig()
        let mine = pass(rig)
        let (_, version) = try #require(try await mine.claim())
        #expect(try await mine.advance(to: "projects/x", over: version))
        #expect(try await mine.claim()?.state.position == "projects/x")
        #expect(try await pass(rig).claim() == nil)
        await rig.close()
    }

    @Test func redisAwayIsWaitedOutQuietly() async throws {
        let rig = try await IngestRig()
        let media = try await rig.upload([1]).mediaId
        let lines = Mutex<[ContinuousClock.Instant]>([])
        let logger = Logger(label: "test") { _ in CountingLogHandler { lines.withLock { $0.append(.now) } } }
        rig.server.stop()
        let start = ContinuousClock.now
        try await running([reconciler(rig, logger: logger), reconciler(rig, logger: logger)]) {
            try await eventually("both have complained twice") { lines.withLock(\.count) >= 4 }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            #expect(lines.withLock { Double($0.count) } <= 2 * (seconds + 1), "each says at most one line a second")
            try await rig.server.restart()
            try await eventually("it is on its way") { (try? await uploaded(rig)) == [media] }
        }
        await rig.close()
    }

    private func pass(_ rig: IngestRig) -> SharedPass { SharedPass(bus: rig.bus, redis: rig.redis, partitions: 2) }

    private func reconciler(
        _ rig: IngestRig, interval: Duration = .milliseconds(20), minimumAge: Duration = .zero,
        logger: Logger = Logger(label: "test")
    ) -> Reconciler {
        var rules = RecoveryRules()
        rules.minimumAge = minimumAge
        let catalog = Catalog(redis: rig.redis, store: rig.store, partitions: 2)
        let recovery = Recovery(catalog: catalog, bus: rig.bus, store: rig.store, source: "test", rules: rules)
        return Reconciler(recovery: recovery, pass: pass(rig), store: rig.store, interval: interval, logger: logger)
    }

    private func running(_ reconcilers: [Reconciler], _ body: () async throws -> Void) async throws {
        let group = ServiceGroup(services: reconcilers, logger: Logger(label: "test"))
        async let running: Void = group.run()
        try await body()
        await group.triggerGracefulShutdown()
        try await running
    }

    private func uploaded(_ rig: IngestRig) async throws -> [MediaID] {
        try await rig.events(MediaUploaded.self).map(\.data.mediaId)
    }

    private func state(_ rig: IngestRig) async throws -> SharedPass.State? {
        for partition in 0..<2 {
            let value = try await rig.redis.send(["HGET", RedisKeys.state(partition, "reconcile"), "d"])
            if let text = value.string { return try EventCoding.decode(SharedPass.State.self, from: Data(text.utf8)) }
        }
        return nil
    }
}

/// Calls for every line that is a warning or worse.
struct CountingLogHandler: LogHandler {
    let count: @Sendable () -> Void
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning

    init(count: @escaping @Sendable () -> Void) { self.count = count }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { count() }
}
