import Events
import Glibc
import Messaging
import Redis
import RedisBus
import Synchronization
import TestSupport
import Testing

/// The bus with several partitions on a real cluster of three masters with a replica each; one of them has two partitions.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct ClusterBusTests {
    private static let shared = Task { try await RedisCluster.start() }
    private static let partitions = 4
    let cluster: RedisCluster

    init() async throws {
        cluster = try await Self.shared.value
        try await eventually("the cluster is whole") { (try? await cluster.isWhole) ?? false }
        try await cluster.flushAll()
    }

    private func bus(visibility: Duration = .seconds(60)) async throws -> TestBus {
        try await TestBus(try RedisURL("redis://\(cluster.hosts)"), visibility: visibility, partitions: Self.partitions)
    }

    @Test(arguments: BusConformance.checks)
    func keepsThePromise(_ check: BusConformance.Check) async throws {
        try await check.run { try await bus(visibility: $0).underTest(visibility: $0) }
    }

    @Test func countsAndChecksEveryNode() async throws {
        let test = try await bus()
        try await test.bus.checkServer()
        var nodes: Set<Int> = []
        for partition in 0..<Self.partitions { nodes.insert(try await master(of: partition).url.port) }
        #expect(nodes.count == 3, "the partitions are spread over all masters")
        for number in 0..<40 { try await test.publish(Probe(number)) }
        #expect(try await test.bus.statistics(of: [Probe.stream]).first?.lag == 40)
        let evicting = try await master(of: 2)
        _ = try await evicting.send(["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"])
        await #expect(throws: UnfitRedis.self) { try await test.bus.checkServer() }
        _ = try await evicting.send(["CONFIG", "SET", "maxmemory-policy", "noeviction"])
    }

    @Test func aReplicaTakesOverWithEverythingThatRedisKept() async throws {
        let test = try await bus()
        for number in 0..<200 { try await test.publish(Probe(number)) }
        let lost = try await master(of: 0)
        try await cluster.settle(lost)
        lost.stop()
        let handler = ProbeHandler { Commit($0.event.mediaId, outputs: [Output(stream: .echo, payload: "\($0.event.number)")]) }
        try await consume(test, handler) {
            try await eventually("all are handled") { try await echoes(test)?.count == 200 }
        }
        #expect(Set(handler.numbers) == Set(0..<200))
        #expect(handler.numbers.count == 200, "none is handled twice")
        try await lost.restart()
    }

    @Test func worksOnWhileMastersDie() async throws {
        let test = try await bus(visibility: .seconds(2))
        try await work(through: test) {
            for (partition, isFrozen, done) in [(1, false, 60), (2, true, 120)] {
                try await eventually("work goes on") { try await echoes(test)?.count ?? 0 >= done }
                let lost = try await master(of: partition)
                if isFrozen { lost.signal(SIGSTOP) } else { lost.stop() }
                try await eventually("another one serves its slots") { try await master(of: partition, notAsking: lost) !== lost }
                if isFrozen { lost.signal(SIGCONT) } else { try await lost.restart() }
                try await eventually("the cluster is whole again") { (try? await cluster.isWhole) ?? false }
            }
        }
    }

    @Test func worksOnWhileSlotsMove() async throws {
        let test = try await bus(visibility: .seconds(2))
        try await work(through: test) {
            for round in 0..<20 {
                let move = try await cluster.move(slotOf: RedisKeys.tag(round % Self.partitions))
                while try await move.moveKeys(1) > 0 { try await Task.sleep(for: .milliseconds(1)) }
                try await move.finish()
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    @Test func nothingHappensOnHalfASlot() async throws {
        let test = try await bus()
        let media = try #require((0...).lazy.map { _ in MediaID.generate() }.first { $0.partition(of: Self.partitions) == 3 })
        let keys = (0..<20).map { "k\($0)" }
        let commit = { (keys: [String]) in
            Commit(
                media, changes: keys.map { .put(key: $0, value: "first", expecting: 0) },
                outputs: [Output(stream: .echo, payload: "e")])
        }
        #expect(try await test.bus.commit(commit(keys)) == .committed)
        let move = try await cluster.move(slotOf: RedisKeys.tag(3))
        for part in 0..<4 {
            // None, some, and all of the keys are there.
            for key in keys + ["new"] {
                await #expect("\(part), \(key)") { try await test.bus.commit(commit([key])) } throws: {
                    "\($0)".hasPrefix("TRYAGAIN")
                }
            }
            _ = try await move.moveKeys(part < 2 ? 8 : 100)
        }
        try await move.finish()
        #expect(try await test.bus.commit(commit(["k7", "new"])) == .conflict)
        #expect(try await test.length(of: .echo) == 1)
        #expect(try await test.bus.commit(commit(["new"])) == .committed)
    }

    private func master(of partition: Int, notAsking lost: RedisServer? = nil) async throws -> RedisServer {
        try await cluster.master(of: RedisKeys.tag(partition), notAsking: lost)
    }

    /// Nil while a part of the cluster is away.
    private func echoes(_ test: TestBus) async throws -> [String]? {
        let keys = (0..<Self.partitions).flatMap { partition in
            (0..<Events.Stream.echo.lanes).map { RedisKeys.stream(partition, Events.Stream.echo.name, lane: $0) }
        }
        guard let replies = try? await test.client.pipeline(keys.map { ["XRANGE", $0, "-", "+"] }),
            !replies.contains(where: { $0.error != nil })
        else { return nil }
        return replies.flatMap { $0.array ?? [] }.compactMap { $0.array?[1].array?[1].string }
    }

    /// Publishes and handles events while `disturb` runs; in the end each of them has had its effect once.
    private func work(through test: TestBus, _ disturb: @escaping @Sendable () async throws -> Void) async throws {
        let handler = ProbeHandler { incoming in
            Commit(incoming.event.mediaId, outputs: [Output(stream: .echo, payload: "\(incoming.event.number)")])
        }
        let published = Published()
        try await consume(test, handler) {
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await publish(to: test, published) }
                try await disturb()
                tasks.cancelAll()
            }
            // A master that dies may have acknowledged what its replica has not heard of yet: so tell all of it once more.
            for probe in published.probes { try await publish(probe, to: test) }
            try await eventually(timeout: .seconds(30), "all have their effect") {
                try await echoes(test).map { Set($0).count == published.probes.count } ?? false
            }
        }
        let all = try #require(try await echoes(test))
        #expect(all.count == published.probes.count, "no effect is there twice")
        #expect(all.count > 30)
        #expect(try await test.deadLetters(of: .probe).isEmpty)
    }

    private final class Published: Sendable {
        private let state = Mutex<[Probe]>([])
        var probes: [Probe] { state.withLock { $0 } }
        func next() -> Probe {
            state.withLock { probes in
                probes.append(Probe(probes.count))
                return probes[probes.count - 1]
            }
        }
    }

    /// Publishes until it is cancelled.
    private func publish(to test: TestBus, _ published: Published) async throws {
        while !Task.isCancelled {
            try await publish(published.next(), to: test)
            try? await Task.sleep(for: .milliseconds(3))
        }
    }

    private func publish(_ probe: Probe, to test: TestBus) async throws {
        let sent = StateChange.put(key: "sent:\(probe.number)", value: "", expecting: 0)
        let output = try Output(Envelope(probe, source: "test", trace: .random()))
        let commit = Commit(probe.mediaId, changes: [sent], outputs: [output])
        // A conflict says that it is there already.
        while (try? await test.bus.commit(commit)) == nil { try? await Task.sleep(for: .milliseconds(10)) }
    }
}
