import Events
import Messaging
import Redis
import RedisBus
import TestSupport
import Testing

@Suite struct DeadLetterTests {
    private static let shared = Stream("test.shared", groups: [.probe, .other])

    @Test(.timeLimit(.minutes(1)), arguments: [1, 3])
    func aReplayGoesToItsGroupAloneAndBeginsAnew(_ partitions: Int) async throws {
        let test = try await TestBus(visibility: .milliseconds(200), partitions: partitions)
        let dead = test.bus.deadLetters(of: [Self.shared])
        let (probe, other) = try await (
            test.bus.subscribe(.probe, to: [Self.shared]), test.bus.subscribe(.other, to: [Self.shared])
        )
        _ = try await test.bus.commit(Commit(.generate(), outputs: [Output(stream: Self.shared, payload: "{\"id\":\"e1\"}")]))
        _ = try await other.settle(try await receiveOne(other), .done(.nothing))
        _ = try await probe.settle(try await receiveOne(probe), .retry(after: .zero, reason: "once more"))
        let last = try await receiveOne(probe)
        #expect(last.attempt == 2)
        _ = try await probe.settle(last, .reject(.attemptsExhausted, detail: "enough", .nothing))

        let letter = try #require(try await dead.newest(limit: 10).first)
        #expect(letter.id.group == .probe && letter.stream == "test.shared" && letter.event == last.payload)
        #expect(
            (letter.attempts, letter.reason, letter.detail, letter.entry) == (2, "attempts-exhausted", "enough", last.id.entry))
        #expect(try #require(letter.firstAt) <= letter.diedAt)
        #expect(try await dead.letter(letter.id) == letter)

        #expect(try await dead.apply(.replay, to: letter.id).taken == 1)
        let again = try await receiveOne(probe)
        #expect((again.payload, again.attempt, again.deliveries, again.lane) == (last.payload, 1, 1, 0))
        #expect(try await other.receive(limit: 1).isEmpty)
        #expect(try await dead.letter(letter.id) == nil)
        #expect(try await dead.apply(.replay, to: letter.id).taken == 0)
        #expect(try await probe.settle(again, .done(.nothing)) == .settled)
    }

    @Test(.timeLimit(.minutes(1)))
    func keepsBytesThatAreNoText() async throws {
        let test = try await TestBus()
        let key = RedisKeys.stream(0, Probe.stream.name)
        let subscription = try await test.bus.subscribe(.probe, to: [Probe.stream])
        let odd = #"return redis.call('XADD', KEYS[1], '*', 'event', 'a\0\255\254\r\n\27[2J', 'attempt', '1')"#
        _ = try await test.client.send(["EVAL", odd, "1", key])
        _ = try await subscription.settle(try await receiveOne(subscription), .reject(.malformed, detail: "", .nothing))
        let dead = test.bus.deadLetters(of: [Probe.stream])
        let letter = try #require(try await dead.newest(limit: 1).first)
        #expect(letter.event == "a\0\u{fffd}\u{fffd}\r\n\u{1b}[2J")
        _ = try await dead.apply(.replay, to: letter.id)
        let retry = RedisKeys.retry(0, Probe.stream.name, group: "probe")
        let same = #"return redis.call('XRANGE', KEYS[1], '-', '+')[1][2][2] == 'a\0\255\254\r\n\27[2J'"#
        #expect(try await test.client.send(["EVAL", same, "1", retry]) == .integer(1))
    }

    @Test(.timeLimit(.minutes(1)))
    func pagesThroughAllPlacesTheNewestFirst() async throws {
        let test = try await TestBus(partitions: 3)
        for number in 0..<200 {
            // Several of the same moment in every place.
            try await bury(
                test, group: number % 2 == 0 ? "probe" : "other", partition: number % 3,
                entry: "\(1000 + number / 12)-\(number % 2)",
                reason: number % 5 == 0 ? .permanent : .malformed)
        }
        let dead = test.bus.deadLetters(of: [Self.shared])
        let all = try await pages(dead, .init())
        #expect(all.count == 200 && Set(all).count == 200)
        #expect(all == all.sorted(by: >))
        #expect(try await pages(dead, .init(reason: .permanent)).count == 40)
        #expect(try await pages(dead, .init(group: .other, reason: .permanent)).count == 20)
        #expect(try await dead.newest(.init(reason: .crashedWorker), limit: 5).isEmpty)
        #expect(try await dead.newest(before: all.last, limit: 5).isEmpty)
    }

    private func pages(_ dead: DeadLetters, _ filter: DeadLetters.Filter) async throws -> [DeadLetters.ID] {
        var ids: [DeadLetters.ID] = []
        while case let page = try await dead.newest(filter, before: ids.last, limit: 7), !page.isEmpty { ids += page.map(\.id) }
        return ids
    }

    @Test(.timeLimit(.minutes(1)))
    func actsOnAllThatAFilterLeaves() async throws {
        let test = try await TestBus(partitions: 2)
        for number in 0..<900 {
            try await bury(
                test, partition: number % 2, entry: "\(1000 + number)-0", reason: number % 3 == 0 ? .permanent : .malformed)
        }
        try await bury(test, group: "other", entry: "1-0")
        let dead = test.bus.deadLetters(of: [Self.shared])
        var reports: [Int] = []
        let replayed = try await dead.applyToAll(.replay, .init(group: .probe, reason: .permanent)) { reports.append($0.taken) }
        #expect(replayed.taken == 300 && reports.count >= 4 && reports == reports.sorted())
        let retries = try await test.client.pipeline(
            (0..<2).map { ["XLEN", RedisKeys.retry($0, "test.shared", group: "probe")] })
        #expect(retries == [.integer(150), .integer(150)])
        let subscription = try await test.bus.subscribe(.probe, to: [Self.shared])
        #expect(try await receiveOne(subscription).lane == 3, "what follows from many delays nobody")
        #expect(try await dead.applyToAll(.drop, .init(group: .probe)).taken == 600)
        #expect(try await dead.newest(limit: 10).map(\.id.group) == [.other])
    }

    @Test(.timeLimit(.minutes(1)))
    func ofManyOperatorsOneReplaysEach() async throws {
        let test = try await TestBus()
        for number in 0..<500 { try await bury(test, entry: "\(1000 + number)-0") }
        let dead = test.bus.deadLetters(of: [Self.shared])
        let taken = try await withThrowingTaskGroup { group in
            for _ in 0..<5 { group.addTask { try await dead.applyToAll(.replay).taken } }
            return try await group.reduce(0, +)
        }
        #expect(taken == 500)
        #expect(try await test.client.send(["XLEN", RedisKeys.retry(0, "test.shared", group: "probe")]) == .integer(500))
    }

    /// What is given up again while it is replayed waits for the next time: otherwise it would go round for ever.
    @Test(.timeLimit(.minutes(1)))
    func endsThoughAllDieAgain() async throws {
        let test = try await TestBus()
        let handler = ProbeHandler { _ in throw Failure.permanent("never") }
        let dead = test.bus.deadLetters(of: [Probe.stream])
        try await consume(test, handler) {
            for number in 0..<300 { try await test.publish(Probe(number)) }
            let all = { (try await dead.newest(limit: 1000)).count == 300 }
            try await eventually("all are given up") { try await all() }
            #expect(try await dead.applyToAll(.replay).taken == 300)
            try await eventually("all are given up again") { try await all() && handler.numbers.count == 600 }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func whatCannotBeReplayedStays() async throws {
        let test = try await TestBus()
        let dead = test.bus.deadLetters(of: [Self.shared])
        try await bury(test, entry: "5-0", stream: "media.forgotten")
        _ = try await test.client.send(["XADD", RedisKeys.dead(0, group: "probe"), "6-0", "strange", "field"])
        let strange = try #require(try await dead.newest(limit: 1).first)
        #expect((strange.stream, strange.event, strange.attempts, strange.firstAt) == ("", "", 0, nil))
        #expect(try await dead.apply(.replay, to: strange.id).foreign == 1)
        let all = try await dead.applyToAll(.replay)
        #expect((all.taken, all.foreign) == (0, 2))
        #expect(try await dead.applyToAll(.drop).taken == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func aFullRedisLosesNothing() async throws {
        let server = try await RedisServer.start()
        let test = try await TestBus(server.url)
        try await bury(test, entry: "5-0")
        let dead = test.bus.deadLetters(of: [Self.shared])
        let id = try #require(try await dead.newest(limit: 1).first?.id)
        _ = try await test.client.send(["CONFIG", "SET", "maxmemory", "1mb"])
        await #expect(throws: BusError.self) { try await dead.apply(.replay, to: id) }
        #expect(try await dead.letter(id) != nil)
        #expect(try await dead.apply(.drop, to: id).taken == 1)
    }

    @Test func idsAreWrittenInOneWay() throws {
        for text in ["metadata/0/1781234567890-0", "a/1023/18446744073709551615-18446744073709551615"] {
            #expect(DeadLetters.ID(text)?.description == text)
        }
        for text in [
            "", "a", "a/0", "a/0/1", "a/0/1-0/", "a/00/1-0", "a/+1/1-0", "a/0/01-0", "a/0/1-", "a/0/-1-0", "a/0/1-0-0", "a/0/1-x",
            "a/0/18446744073709551616-0",
        ] {
            #expect(DeadLetters.ID(text) == nil, "\(text)")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func placesThatAreNotThereAreEmpty() async throws {
        let dead = try await TestBus().bus.deadLetters(of: [Self.shared])
        for text in ["probe/7/5-0", "nobody/0/5-0"] {
            let id = try #require(DeadLetters.ID(text))
            #expect(try await dead.letter(id) == nil)
            #expect(try await dead.apply(.drop, to: id) == DeadLetters.Tally())
        }
    }

    private func bury(
        _ test: TestBus, group: String = "probe", partition: Int = 0, entry: String, reason: DeadReason = .permanent,
        stream: String = "test.shared"
    ) async throws {
        let key = RedisKeys.dead(partition, group: group)
        let fields = ["event", "e", "attempt", "3", "reason", reason.rawValue, "detail", "d", "stream", stream, "entry", "1-0"]
        let times = ["first", "1", "last", "2"]
        // Entries of one moment come in any order: the number makes room.
        _ = try await test.client.send(["XADD", key, entry.split(separator: "-")[0] + "-*"] + fields + times)
    }
}
