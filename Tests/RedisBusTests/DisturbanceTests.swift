import Events
import Messaging
import Redis
import RedisBus
import Synchronization
import TestSupport
import Testing

/// What happens to Redis itself must cost nothing but time.
@Suite struct DisturbanceTests {
    @Test(.timeLimit(.minutes(2)))
    func losesNothingWhenRedisIsKilledAndStartedAgain() async throws {
        var features = RedisServer.Features()
        features.keepsAllWhenKilled = true
        let server = try await RedisServer.start(features)
        let test = try await TestBus(server.url)
        try await work(through: test, events: 300) { done in
            for threshold in [50, 150] {
                try await eventually("some are done") { done() > threshold }
                server.stop()
                try await Task.sleep(for: .milliseconds(300))
                try await server.restart()
            }
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func losesNothingWhenConnectionsAreCutAndScriptsForgotten() async throws {
        let server = try await RedisServer.start()
        // So long a timeout that what a lost reply handed out must come back without it.
        let test = try await TestBus(server.url, visibility: .seconds(600))
        try await work(through: test, events: 1000) { done in
            while done() < 1000 {
                _ = try? await test.client.pipeline([
                    ["SCRIPT", "FLUSH"], ["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"],
                ])
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func startsAnewAfterFlushAll() async throws {
        let server = try await RedisServer.start()
        let test = try await TestBus(server.url)
        let handler = ProbeHandler { _ in .nothing }
        try await consume(test, handler) {
            for round in 0..<3 {
                try await test.publish(Probe(round))
                try await eventually("round \(round) is handled") { handler.numbers == Array(0...round) }
                try await server.flushAll()
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func readsOnAfterItsGroupWasDestroyed() async throws {
        let test = try await TestBus(partitions: 2)
        let handler = ProbeHandler { _ in .nothing }
        try await consume(test, handler) {
            for round in 0..<3 {
                try await test.publish(Probe(round))
                try await eventually("round \(round) is handled") { Set(handler.numbers) == Set(0...round) }
                for partition in 0..<2 {
                    let key = RedisKeys.stream(partition, Probe.stream.name)
                    _ = try await test.client.send(["XGROUP", "DESTROY", key, "probe"])
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func anEntryThatWasDeletedIsForgotten() async throws {
        let test = try await TestBus(visibility: .milliseconds(200))
        let key = RedisKeys.stream(0, Probe.stream.name)
        let slow = try await test.bus.subscribe(.probe, to: [Probe.stream])
        try await test.publish(Probe(1))
        let lost = try await receiveOne(slow)
        _ = try await test.client.send(["XDEL", key, lost.id.entry])
        let quick = try await test.another(visibility: .milliseconds(200)).subscribe(.probe, to: [Probe.stream])
        try await eventually("it is no longer pending") {
            #expect(try await quick.receive(limit: 1).isEmpty)
            return try await test.client.send(["XPENDING", key, "probe"]).array?.first == .integer(0)
        }
        #expect(try await slow.settle(lost, .done(.nothing)) == .lostOwnership)
        try await test.publish(Probe(2))
        _ = try await receiveOne(quick)
    }

    /// A wait that is cancelled may have been handed an entry in that very moment.
    @Test(.timeLimit(.minutes(2)))
    func whatAnInterruptedWaitWasHandedIsHandedOn() async throws {
        let test = try await TestBus(visibility: .seconds(600))
        let next = try await test.bus.subscribe(.probe, to: [Probe.stream])
        var received = 0
        for round in 0..<100 {
            let leaving = try await test.bus.subscribe(.probe, to: [Probe.stream])
            let reading = Task { (try? await leaving.receive(limit: 1)) ?? [] }
            try await eventually("it waits") {
                try await clients(of: test).contains {
                    $0.contains(" name=\(test.bus.options.consumerName)") && $0.contains("-read ") && $0.contains(" flags=b ")
                }
            }
            // Every tenth for certain before, the others about when it comes.
            if round % 10 == 0 { reading.cancel() }
            async let published: Void = test.publish(Probe(round))
            try await Task.sleep(for: .microseconds(Int.random(in: 0...500)))
            reading.cancel()
            try await published
            let known = await reading.value
            received += known.count
            try await leaving.release(known)
            await leaving.close()
            let delivery = try await receiveOne(next)
            #expect(try await next.settle(delivery, .done(.nothing)) == .settled)
        }
        #expect(received < 100, "it was interrupted")
        await next.close()
    }

    @Test(.timeLimit(.minutes(1)))
    func reportsARedisThatIsAway() async throws {
        let server = try await RedisServer.start()
        let test = try await TestBus(server.url)
        let subscription = try await test.bus.subscribe(.probe, to: [Probe.stream])
        server.stop()
        await #expect(throws: BusError.self) { try await subscription.receive(limit: 1) }
        await #expect(throws: BusError.self) { try await test.publish(Probe(1)) }
        await #expect(throws: BusError.self) { try await test.bus.subscribe(.other, to: [Probe.stream]) }
        await #expect(throws: RedisError.self) { try await test.bus.checkServer() }
        await subscription.close()
    }

    /// A server that has become a replica is left, because its address may by now be that of another one, the new master.
    @Test(.timeLimit(.minutes(1)))
    func leavesAServerThatHasBecomeAReplica() async throws {
        let server = try await RedisServer.start()
        let test = try await TestBus(server.url)
        let subscription = try await test.bus.subscribe(.probe, to: [Probe.stream])
        try await test.publish(Probe(1))
        let first = try await receiveOne(subscription)
        var connections: Set<String> = [try await connection(of: test)]
        _ = try await server.send(["REPLICAOF", "127.0.0.1", "\(try freePort())"])
        await #expect { try await test.publish(Probe(2)) } throws: { Self.isReadOnly($0) }
        #expect(connections.insert(try await connection(of: test)).inserted, "after a commit")
        await #expect { try await subscription.receive(limit: 1) } throws: { Self.isReadOnly($0) }
        try await eventually("the reader's connection is closed, though a script says so only later on") {
            try await clients(of: test).contains { $0.contains("-read ") } == false
        }
        _ = try await server.send(["REPLICAOF", "NO", "ONE"])
        try await test.publish(Probe(2))
        for delivery in [first, try await receiveOne(subscription)] {
            #expect(try await subscription.settle(delivery, .done(.nothing)) == .settled)
        }
    }

    private static func isReadOnly(_ error: any Error) -> Bool {
        (error as? BusError)?.isRefusal == false && "\(error)".contains("READONLY")
    }

    /// The id of the bus's connection, which it opens if it has none.
    private func connection(of test: TestBus) async throws -> String {
        _ = try? await test.bus.statistics(of: [Probe.stream])
        let mine = try await clients(of: test).filter { $0.contains(" name=\(test.bus.options.consumerName) ") }
        #expect(mine.count == 1, "\(mine)")
        return String(mine.first?.prefix { $0 != " " } ?? "")
    }

    private func clients(of test: TestBus) async throws -> [Substring] {
        try await test.client.send(["CLIENT", "LIST"]).string?.split(separator: "\n") ?? []
    }

    /// Publishes and handles events while `disturb` runs; every event must have had its one effect in the end.
    private func work(
        through test: TestBus, events: Int, _ disturb: (_ done: @escaping @Sendable () -> Int) async throws -> Void
    ) async throws {
        let done = Mutex<Set<Int>>([])
        let handler = ProbeHandler { incoming in
            try await Task.sleep(for: .milliseconds(5))
            let number = incoming.event.number
            done.withLock { _ = $0.insert(number) }
            let put = StateChange.put(key: "done:\(number)", value: "", expecting: 0)
            return Commit(incoming.event.mediaId, changes: [put], outputs: [Output(stream: .echo, payload: "\(number)")])
        }
        try await consume(test, handler) {
            async let publishing: Void = {
                for number in 0..<events {
                    let probe = Probe(number)
                    let sent = StateChange.put(key: "sent:\(number)", value: "", expecting: 0)
                    let output = try Output(Envelope(probe, source: "test", trace: .random()))
                    let commit = Commit(probe.mediaId, changes: [sent], outputs: [output])
                    // A conflict after an error says that the first try was applied.
                    while (try? await test.bus.commit(commit)) == nil { try await Task.sleep(for: .milliseconds(10)) }
                }
            }()
            try await disturb { done.withLock(\.count) }
            try await publishing
            try await eventually(timeout: .seconds(60), "all have their effect") {
                (try? await test.length(of: .echo)) == events
            }
        }
        #expect(done.withLock(\.count) == events)
        #expect(try await test.length(of: .echo) == events)
        #expect(try await test.deadLetters(of: .probe).isEmpty)
    }
}
