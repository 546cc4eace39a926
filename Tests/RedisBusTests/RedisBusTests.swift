import Events
import FoundationEssentials
import Messaging
import Redis
import RedisBus
import TestSupport
import Testing

/// What only the bus on Redis promises.
@Suite struct RedisBusTests {
    @Test(.timeLimit(.minutes(1)))
    func acceptsAFitServerAndRefusesOneThatEvicts() async throws {
        let server = try await RedisServer.start()
        let test = try await TestBus(server.url)
        try await test.bus.checkServer()
        _ = try await test.client.send(["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"])
        await #expect { try await test.bus.checkServer() } throws: { error in
            error is UnfitRedis && "\(error)".contains("allkeys-lru")
        }
        var options = RedisBusOptions()
        options.allowEviction = true
        try await RedisBus(url: server.url, options: options, logger: .quiet).checkServer()
    }

    @Test(.timeLimit(.minutes(1)), arguments: [1, 3])
    func countsWhatAGroupHasBeforeIt(_ partitions: Int) async throws {
        let test = try await TestBus(partitions: partitions)
        let figures = { try #require(try await test.bus.statistics(of: [Probe.stream]).first) }
        #expect(try await figures().lag == 0)
        for number in 0..<10 { try await test.publish(Probe(number)) }
        #expect(try await figures().lag == 10)
        let subscription = try await test.bus.subscribe(.probe, to: [Probe.stream])
        var deliveries: [Delivery] = []
        while deliveries.count < 4 { deliveries += try await subscription.receive(limit: 4 - deliveries.count) }
        try await Task.sleep(for: .milliseconds(20))
        let during = try await figures()
        #expect((during.lag, during.pending, during.deadLetters) == (6, 4, 0))
        #expect(during.oldestPendingSeconds > 0.01 && during.oldestPendingSeconds < 60)
        _ = try await subscription.settle(deliveries[0], .reject(.permanent, detail: "", .nothing))
        _ = try await subscription.settle(deliveries[1], .done(.nothing))
        try await subscription.release([deliveries[2]])
        let after = try await figures()
        #expect((after.lag, after.pending, after.deadLetters) == (7, 1, 1))
        #expect(try await test.bus.statistics(of: [.feed]).isEmpty)
    }

    /// Where events are rare, nobody asks in between whether there is more.
    @Test(.timeLimit(.minutes(1)), arguments: [1, 3])
    func readsARareEventInOneJourney(_ partitions: Int) async throws {
        let server = try await RedisServer.start()
        let test = try await TestBus(server.url, partitions: partitions)
        let subscription = try await test.bus.subscribe(.probe, to: [Probe.stream])
        #expect(try await subscription.receive(limit: 100).isEmpty)
        _ = try await test.client.send(["CONFIG", "RESETSTAT"])
        for number in 0..<20 {
            try await test.publish(Probe(number))
            let deliveries = try await subscription.receive(limit: 100)
            #expect(deliveries.count == 1)
            _ = try await subscription.settle(deliveries[0], .done(.nothing))
        }
        let figures = try await test.client.send(["INFO", "commandstats"]).string ?? ""
        #expect(figures.contains("cmdstat_xreadgroup:calls=20,"), "\(figures)")
        await subscription.close()
    }

    /// An entry that is gone from among those before makes Redis forget how many there were.
    @Test(.timeLimit(.minutes(1)))
    func countsWhatAGroupHasBeforeItAlsoWhereRedisCannot() async throws {
        let test = try await TestBus()
        for number in 0..<10 { try await test.publish(Probe(number)) }
        let subscription = try await test.bus.subscribe(.probe, to: [Probe.stream])
        let deliveries = try await subscription.receive(limit: 5)
        #expect(try await subscription.settle(try #require(deliveries.last), .done(.nothing)) == .settled)
        let groups = try await test.client.send(["XINFO", "GROUPS", RedisKeys.stream(0, Probe.stream.name)])
        let info = try #require(groups.array?.first?.array)
        #expect(info[try #require(info.firstIndex(of: .string("lag"))) + 1] == .null)
        let figures = try #require(try await test.bus.statistics(of: [Probe.stream]).first)
        #expect((deliveries.count, figures.lag, figures.pending) == (5, 5, 4))
    }

    @Test(.timeLimit(.minutes(1)), arguments: [1, 3])
    func knowsTheOldestAndWhatWillBeRetried(_ partitions: Int) async throws {
        let test = try await TestBus(partitions: partitions)
        let queue = { try #require(try await test.bus.queues(of: [Probe.stream]).first) }
        #expect(try await queue().oldest == nil)
        let media = MediaID.generate()
        for number in 0..<3 { try await test.publish(Probe(number, mediaId: media)) }
        let first = try #require(try await queue().oldest)
        #expect(try await queue().figures.readUpTo == Date(timeIntervalSince1970: 0))
        let subscription = try await test.bus.subscribe(.probe, to: [Probe.stream])
        var deliveries = [try await receiveOne(subscription), try await receiveOne(subscription)]
        let during = try await queue()
        #expect((during.oldest, during.figures.lag) == (first, 1))
        #expect(try #require(during.figures.readUpTo) >= first)
        deliveries.append(try await receiveOne(subscription))
        #expect(try await queue().figures.readUpTo == nil)
        let endings = [Settlement.retry(after: .seconds(3600), reason: ""), .retry(after: .zero, reason: ""), .done(.nothing)]
        for (delivery, ending) in zip(deliveries, endings) { _ = try await subscription.settle(delivery, ending) }
        try await eventually("the retry is due") { try await queue().figures.unreadRetries == 1 }
        let after = try await queue()
        #expect((after.figures.lag, after.figures.pending, after.figures.readUpTo, after.delayed) == (1, 0, nil, 1))
        #expect(try #require(after.oldest) >= first)
    }

    @Test(.timeLimit(.minutes(1)))
    func countsThousandsOfDelayedEntries() async throws {
        let test = try await TestBus()
        let target = RedisKeys.retry(0, Probe.stream.name, group: "probe")
        let members = (0..<2500).flatMap { ["\($0)", "source\n\($0)-0\n\(target)\n2\n1\n0\n{}\n"] }
        _ = try await test.client.send(["ZADD", RedisKeys.delayed(0)] + members)
        #expect(try await test.bus.queues(of: [Probe.stream, .echo]).map(\.delayed) == [2500, 0])
    }

    @Test(.timeLimit(.minutes(1)))
    func aConsumerLeavesOnlyWhenNothingIsPending() async throws {
        let test = try await TestBus()
        let consumers = {
            try await test.client.send(["XINFO", "CONSUMERS", RedisKeys.stream(0, Probe.stream.name), "probe"]).array?.count
        }
        let first = try await test.bus.subscribe(.probe, to: [Probe.stream])
        let second = try await test.bus.subscribe(.probe, to: [Probe.stream])
        try await test.publish(Probe(1))
        let delivery = try await receiveOne(first)
        try await test.publish(Probe(2))
        #expect(try await second.settle(try await receiveOne(second), .done(.nothing)) == .settled)
        #expect(try await consumers() == 2)
        await second.close()
        #expect(try await consumers() == 1)
        await first.close()
        #expect(try await consumers() == 1, "its entry is still pending")
        #expect(try await first.settle(delivery, .done(.nothing)) == .settled)
        await first.close()
        #expect(try await consumers() == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func keepsTheNewestOfAFeed() async throws {
        let test = try await TestBus()
        let feed = Stream("test.feed", groups: [], retention: .newest(count: 100))
        let media = MediaID.generate()
        for _ in 0..<5 {
            let outputs = (0..<100).map { Output(stream: feed, payload: "\($0)") }
            _ = try await test.bus.commit(Commit(media, outputs: outputs))
        }
        #expect((100...200) ~= (try await test.length(of: feed)))
    }

    @Test(.timeLimit(.minutes(1)))
    func aGroupOfTheContractThatHasNeverJoinedMissesNothing() async throws {
        let test = try await TestBus(visibility: .milliseconds(100))
        let stream = Stream("test.late", groups: [.probe, .other])
        let trimmed = Stream("test.trimmed", groups: [.probe])
        let first = try await test.bus.subscribe(.probe, to: [stream, trimmed])
        _ = try await test.bus.commit(Commit(.generate(), outputs: [Output(stream: stream, payload: "early")]))
        _ = try await first.settle(try await receiveOne(first), .done(.nothing))
        _ = try await test.client.send(["XGROUP", "DESTROY", RedisKeys.stream(0, stream.name), "other"])
        for _ in 1...2 { try await expectTrim(of: RedisKeys.stream(0, trimmed.name), test) }
        let late = try await test.another().subscribe(.other, to: [stream])
        #expect(try await receiveOne(late).payload == "early")
    }

    /// What was acknowledged behind the bus's back goes when the streams are trimmed the next time.
    private func expectTrim(of key: String, _ test: TestBus) async throws {
        let id = try await test.client.send(["XADD", key, "*", "event", "e"]).string ?? ""
        _ = try await test.client.pipeline([
            ["XREADGROUP", "GROUP", "probe", "test", "STREAMS", key, ">"], ["XACK", key, "probe", id],
        ])
        try await eventually("it is trimmed") { try await test.client.send(["XLEN", key]) == .integer(0) }
    }

    @Test(.timeLimit(.minutes(1)))
    func anEntryWhoseReplyWasLostIsHandedOutAgainToTheSameConsumer() async throws {
        let test = try await TestBus(visibility: .milliseconds(200))
        let subscription = try await test.bus.subscribe(.probe, to: [Probe.stream])
        try await test.publish(Probe(1))
        let first = try await receiveOne(subscription)
        let again = try await receiveOne(subscription)
        #expect(again.id == first.id)
        #expect(again.deliveries > 1)
        #expect(try await subscription.settle(again, .done(.nothing)) == .settled)
    }

    @Test(.timeLimit(.minutes(1)))
    func takesManyPublishersAtOnce() async throws {
        let test = try await TestBus(partitions: 2)
        try await withThrowingTaskGroup { tasks in
            for publisher in 0..<50 {
                tasks.addTask {
                    for number in 0..<20 { try await test.publish(Probe(publisher * 20 + number)) }
                }
            }
            try await tasks.waitForAll()
        }
        let handler = ProbeHandler { _ in .nothing }
        try await consume(test, handler) {
            try await eventually("all are handled") { handler.numbers.count == 1000 }
        }
        #expect(Set(handler.numbers).count == 1000)
    }

    @Test(.timeLimit(.minutes(1)))
    func aFullRedisRefusesWholeCommitsAndStillAcknowledges() async throws {
        let server = try await RedisServer.start()
        let test = try await TestBus(server.url)
        let subscription = try await test.bus.subscribe(.probe, to: [Probe.stream])
        for number in 0..<2 { try await test.publish(Probe(number)) }
        let deliveries = [try await receiveOne(subscription), try await receiveOne(subscription)]
        _ = try await test.client.send(["CONFIG", "SET", "maxmemory", "1mb"])
        let media = try #require(Self.media(of: deliveries[0]))
        let commit = Commit(
            media, changes: [.delete(key: "x"), .put(key: "k", value: "v", expecting: 0)],
            outputs: [Output(stream: .echo, payload: "e")])
        await #expect { try await subscription.settle(deliveries[0], .done(commit)) } throws: { "\($0)".contains("OOM") }
        #expect(try await subscription.settle(deliveries[1], .done(.nothing)) == .settled)
        _ = try await test.client.send(["CONFIG", "SET", "maxmemory", "0"])
        #expect(try await test.length(of: .echo) == 0)
        #expect(try await subscription.settle(deliveries[0], .done(commit)) == .settled)
        #expect(try await test.length(of: .echo) == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func oneBadCommitOfABatchSpoilsNoOther() async throws {
        let test = try await TestBus()
        let media = MediaID.generate()
        _ = try await test.client.send(["SET", RedisKeys.state(0, "odd"), "not a hash"])
        let results = await withTaskGroup(of: (Int, Result<CommitResult, BusError>).self) { tasks in
            for number in 0..<50 {
                tasks.addTask {
                    let key = number % 5 == 0 ? "odd" : "k\(number)"
                    let commit = Commit(
                        media, changes: [.put(key: key, value: "v", expecting: 0)],
                        outputs: [Output(stream: .echo, payload: "\(number)")])
                    do throws(BusError) { return (number, .success(try await test.bus.commit(commit))) } catch {
                        return (number, .failure(error))
                    }
                }
            }
            return await tasks.reduce(into: []) { $0.append($1) }
        }
        for (number, result) in results {
            #expect(((try? result.get()) == .committed) == (number % 5 != 0), "\(number): \(result)")
        }
        #expect(try await test.length(of: .echo) == 40)
        await #expect(throws: BusError.self) {
            try await test.bus.commit(Commit(media, changes: [.addToIndex("i", member: "m", score: .nan)]))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func oneBadSourceOfABatchSpoilsNoOther() async throws {
        let test = try await TestBus()
        let (bad, good) = (Events.Stream("test.bad", groups: [.probe]), Events.Stream("test.good", groups: [.probe]))
        let subscription = try await test.bus.subscribe(.probe, to: [bad, good])
        for _ in 0..<20 {
            let outputs = [bad, good].map { Output(stream: $0, payload: "p") }
            _ = try await test.bus.commit(Commit(.generate(), outputs: outputs))
        }
        var deliveries: [Delivery] = []
        while deliveries.count < 40 { deliveries += try await subscription.receive(limit: 40) }
        _ = try await test.client.send(["SET", RedisKeys.stream(0, bad.name), "no stream"])
        // All at once: what comes while the first is on its way goes together.
        try await withThrowingTaskGroup { tasks in
            for delivery in deliveries {
                tasks.addTask { try await settle(delivery, subscription, isBad: delivery.stream == bad) }
            }
            try await tasks.waitForAll()
        }
        #expect(try await test.length(of: good) == 0)
    }

    private func settle(_ delivery: Delivery, _ subscription: any Subscription, isBad: Bool) async throws {
        guard isBad else { return #expect(try await subscription.settle(delivery, .done(.nothing)) == .settled) }
        await #expect { try await subscription.settle(delivery, .done(.nothing)) } throws: {
            ($0 as? BusError)?.isRefusal == true && "\($0)".contains("WRONGTYPE")
        }
    }

    private static func media(of delivery: Delivery) -> MediaID? {
        delivery.payload.firstRange(of: "\"subject\":\"").flatMap {
            MediaID(String(delivery.payload[$0.upperBound...].prefix(36)))
        }
    }
}

/// What cannot be written changes nothing, and holds up nobody.
@Suite struct RefusalTests {
    @Test(.timeLimit(.minutes(1)))
    func aTargetOfAnotherTypeLeavesNothingHalfDone() async throws {
        let test = try await TestBus()
        let media = MediaID.generate()
        _ = try await test.client.send(["SET", RedisKeys.stream(0, Events.Stream.echo.name), "no stream"])
        let commit = Commit(
            media, changes: [.put(key: "k", value: "v", expecting: 0)], outputs: [Output(stream: .echo, payload: "e")])
        await #expect { try await test.bus.commit(commit) } throws: { ($0 as? BusError)?.isRefusal == true }
        #expect(try await test.client.send(["EXISTS", RedisKeys.state(0, "k")]) == .integer(0))
    }

    @Test(.timeLimit(.minutes(1)))
    func aDeadLetterThatCannotBeWrittenPublishesNothing() async throws {
        let test = try await TestBus()
        let subscription = try await test.bus.subscribe(.probe, to: [Probe.stream])
        let probe = Probe(1)
        try await test.publish(probe)
        let delivery = try await receiveOne(subscription)
        _ = try await test.client.send(["SET", RedisKeys.dead(0, group: "probe"), "no stream"])
        let commit = Commit(probe.mediaId, outputs: [Output(stream: .echo, payload: "failed")])
        await #expect(throws: BusError.self) {
            try await subscription.settle(delivery, .reject(.permanent, detail: "", commit))
        }
        #expect(try await test.length(of: .echo) == 0)
        _ = try await test.client.send(["DEL", RedisKeys.dead(0, group: "probe")])
        #expect(try await subscription.settle(delivery, .reject(.permanent, detail: "", commit)) == .settled)
        #expect(try await test.length(of: .echo) == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func aMissingRightIsWaitedOut() async throws {
        let test = try await TestBus()
        let name = "user\(UInt32.random(in: 0...UInt32.max))"
        _ = try await test.client.send(["ACL", "SETUSER", name, "on", ">secret", "~*", "+@all", "-xadd"])
        let url = try RedisURL("redis://\(name):secret@127.0.0.1:\(test.url.port)/\(test.url.database)")
        let bus = RedisBus(url: url, logger: .quiet)
        let commit = Commit(
            .generate(), changes: [.put(key: "k", value: "v", expecting: 0)], outputs: [Output(stream: .echo, payload: "e")])
        await #expect { try await bus.commit(commit) } throws: { ($0 as? BusError)?.isRefusal == false }
        _ = try await test.client.send(["ACL", "SETUSER", name, "+xadd"])
        #expect(try await bus.commit(commit) == .committed, "nothing of the first try was applied")
        _ = try await test.client.send(["ACL", "SETUSER", name, "-xadd"])
        let lone = Commit(.generate(), outputs: [Output(stream: .echo, payload: "e")])
        await #expect { try await bus.commit(lone) } throws: { ($0 as? BusError)?.isRefusal == false }
    }

    @Test(.timeLimit(.minutes(1)))
    func aRetryThatCannotComeBackHoldsUpNoOther() async throws {
        let test = try await TestBus(visibility: .milliseconds(400))
        let subscription = try await test.bus.subscribe(.probe, to: [Probe.stream])
        let bad = ["x", "1-1", RedisKeys.retry(0, "bad", group: "probe"), "2", "1", "0", "event"].joined(separator: "\n")
        _ = try await test.client.send(["SET", RedisKeys.retry(0, "bad", group: "probe"), "no stream"])
        _ = try await test.client.send(["ZADD", RedisKeys.delayed(0), "1", bad])
        try await test.publish(Probe(1))
        let delivery = try await receiveOne(subscription)
        _ = try await subscription.settle(delivery, .retry(after: .zero, reason: "test"))
        #expect(try await receiveOne(subscription).attempt == 2)
    }
}
