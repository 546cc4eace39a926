import Events
import Messaging
import Redis
import RedisBus
import Synchronization
import TestSupport
import Testing

/// Long jobs, many comers and goers, and a crowd before one's turn.
@Suite struct PatienceTests {
    @Test(.timeLimit(.minutes(1)))
    func aJobTenTimesLongerThanTheVisibilityTimeoutRunsOnce() async throws {
        let visibility = Duration.milliseconds(600)
        let test = try await TestBus(visibility: visibility)
        let handler = ProbeHandler { incoming in
            try await Task.sleep(for: visibility * 10)
            return Commit(incoming.event.mediaId, outputs: [Output(stream: .echo, payload: "done")])
        }
        let key = RedisKeys.stream(0, Probe.stream.name)
        try await test.publish(Probe(1))
        try await consume(test, handler) {
            try await consume(test, handler) {
                var counts: Set<Int> = []
                try await eventually("it is done") {
                    let pending = try await test.client.send(["XPENDING", key, "probe", "-", "+", "10"]).array ?? []
                    counts.formUnion(pending.compactMap { $0.array?.last?.integer })
                    return try await test.length(of: .echo) == 1
                }
                #expect(counts == [1], "heartbeats never raise the delivery count")
            }
        }
        #expect(handler.numbers == [1])
    }

    @Test(.timeLimit(.minutes(1)), arguments: [2, 3, 4])
    func entriesOfEveryPartitionAreTakenOver(partitions: Int) async throws {
        let test = try await TestBus(visibility: .milliseconds(400), partitions: partitions)
        for number in 0..<20 { try await test.publish(Probe(number)) }
        let gone = try await test.bus.subscribe(.probe, to: [Probe.stream])
        var lost = 0
        while lost < 20 { lost += try await gone.receive(limit: 20).count }
        await gone.close()
        let next = try await test.bus.subscribe(.probe, to: [Probe.stream])
        var done = 0
        try await eventually("all are taken over") {
            for delivery in try await next.receive(limit: 1) where try await next.settle(delivery, .done(.nothing)) == .settled {
                done += 1
            }
            return done == 20
        }
    }

    /// One at a time, but one soon after the other, however many partitions have nothing to take over.
    @Test(.timeLimit(.minutes(1)), arguments: [1, 4])
    func manyOfOnePartitionAreTakenOverWithinAVisibilityTimeout(partitions: Int) async throws {
        let visibility = Duration.seconds(3)
        let test = try await TestBus(visibility: visibility, partitions: partitions)
        let media = MediaID.generate()
        for number in 0..<60 { try await test.publish(Probe(number, mediaId: media)) }
        let gone = try await test.bus.subscribe(.probe, to: [Probe.stream])
        var lost = 0
        while lost < 60 { lost += try await gone.receive(limit: 60).count }
        let next = try await test.bus.subscribe(.probe, to: [Probe.stream])
        #expect(try await next.settle(try await receiveOne(next), .done(.nothing)) == .settled)
        let start = ContinuousClock.now
        for _ in 1..<60 { #expect(try await next.settle(try await receiveOne(next), .done(.nothing)) == .settled) }
        #expect(ContinuousClock.now - start < visibility)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [1, 2, 4])
    func noLaneStarvesInAnyPartition(partitions: Int) async throws {
        let test = try await TestBus(partitions: partitions)
        let subscription = try await test.bus.subscribe(.probe, to: [Probe.stream])
        for number in 0..<(400 * partitions) {
            let commit = Commit(.generate(), outputs: [Output(stream: Probe.stream, payload: "\(number % 4)")]).inLane(number % 4)
            _ = try await test.bus.commit(commit)
        }
        var taken: [[String]: Int] = [:]
        for _ in 0..<(80 * partitions) {
            for delivery in try await subscription.receive(limit: 1) {
                taken[["\(delivery.id.partition)", delivery.payload], default: 0] += 1
                #expect(try await subscription.settle(delivery, .done(.nothing)) == .settled)
            }
        }
        for partition in 0..<partitions {
            let shares = (0...3).map { taken[["\(partition)", "\($0)"]] ?? 0 }
            #expect(shares[0] > shares[1] && shares[1] > shares[2] && shares[3] > 4, "partition \(partition): \(shares)")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func aThousandConsumersComeAndGo() async throws {
        let test = try await TestBus(visibility: .milliseconds(200))
        for number in 0..<1000 { try await test.publish(Probe(number)) }
        let done = Tally()
        for round in 0..<20 {
            try await withThrowingTaskGroup { tasks in
                for comer in 0..<50 {
                    tasks.addTask { try await visit(test, leavesInOrder: (round + comer) % 2 == 0, done) }
                }
                try await tasks.waitForAll()
            }
        }
        let last = try await test.bus.subscribe(.probe, to: [Probe.stream])
        let key = RedisKeys.stream(0, Probe.stream.name)
        try await eventually("the rest is done") {
            for delivery in try await last.receive(limit: 50) {
                if try await last.settle(delivery, .done(.nothing)) == .settled { done.count(delivery.id) }
            }
            return try await test.length(of: Probe.stream) == 0
        }
        #expect(done.counts.count == 1000 && done.counts.values.allSatisfy { $0 == 1 }, "each once")
        try await eventually("only the last one is a member") {
            _ = try await last.receive(limit: 1)
            return try await test.client.send(["XINFO", "CONSUMERS", key, "probe"]).array?.count == 1
        }
    }

    /// Works on a little; then leaves, or dies with what it holds.
    private func visit(_ test: TestBus, leavesInOrder: Bool, _ done: Tally) async throws {
        let subscription = try await test.bus.subscribe(.probe, to: [Probe.stream])
        let deliveries = try await subscription.receive(limit: 2)
        for delivery in deliveries.dropLast(leavesInOrder ? 0 : 1) {
            if try await subscription.settle(delivery, .done(.nothing)) == .settled { done.count(delivery.id) }
        }
        if leavesInOrder { await subscription.close() }
    }

    @Test(.timeLimit(.minutes(2)))
    func twentyThousandOfOneProjectDoNotDelayTheOneOfAnother() async throws {
        let test = try await TestBus()
        let handled = Mutex<[Int: ContinuousClock.Instant]>([:])
        let handler = ProbeHandler { incoming in
            try await Task.sleep(for: .milliseconds(20))
            handled.withLock { $0[incoming.event.number] = .now }
            return .nothing
        }
        /// From the publication of a probe to the end of its handler.
        func time(_ number: Int) async throws -> Duration {
            let start = ContinuousClock.now
            try await test.publish(Probe(number))
            try await eventually("it is handled") { handled.withLock { $0[number] } != nil }
            return (handled.withLock { $0[number] } ?? .now) - start
        }
        try await consume(test, handler) {
            var unloaded: [Duration] = []
            for number in 1...5 { unloaded.append(try await time(-number)) }
            try await crowd(20_000, test)
            var loaded: [Duration] = []
            for number in 6...15 { loaded.append(try await time(-number)) }
            let (usual, delayed) = (unloaded.sorted()[2], loaded.sorted()[5])
            #expect(delayed - usual <= usual * 2, "\(delayed) instead of \(usual)")
            #expect(try await test.length(of: Probe.stream) > 10_000, "the crowd is still there")
        }
    }

    /// What a project with much to do queues, each in the lane that upload-gateway would give it.
    private func crowd(_ count: Int, _ test: TestBus) async throws {
        try await withThrowingTaskGroup { tasks in
            for line in 0..<50 {
                tasks.addTask {
                    for number in stride(from: line, to: count, by: 50) {
                        let probe = Probe(number)
                        let output = try Output(Envelope(probe, source: "test", trace: .random()))
                        let lane = Events.Stream.lane(behind: number)
                        _ = try await test.bus.commit(Commit(probe.mediaId, outputs: [output]).inLane(lane))
                    }
                }
            }
            try await tasks.waitForAll()
        }
    }
}

/// How often each entry was settled.
private final class Tally: Sendable {
    private let state = Mutex<[Delivery.ID: Int]>([:])

    var counts: [Delivery.ID: Int] { state.withLock { $0 } }

    func count(_ id: Delivery.ID) { state.withLock { $0[id, default: 0] += 1 } }
}
