import Events
import Redis
import TestSupport
import Testing

@testable import Chaos

/// That the verdict can be a bad one: what it says of journals that are written here.
@Suite struct VerdictTests {
    private static let journal = RedisKeys.stream(0, Course.journal.name)
    private static let source = RedisKeys.stream(0, Course.first.name)
    let client: RedisClient

    init() async throws { client = RedisClient(try await RedisServer.database(), name: "verdict test") }

    /// Writes what a group did; all times are in milliseconds.
    private func write(_ number: Int, _ group: Group, since: Int, done: Int) async throws {
        let line = JournalLine(
            group: group.rawValue, number: number, worker: "w", attempt: 1, deliveries: 1, source: Self.source, since: since)
        _ = try await client.send(["XADD", Self.journal, "\(done)-*", "event", try line.text()])
    }

    /// Writes that all groups did the events one after the other, each at its time; all of them were there from the beginning.
    private func write(doneAt times: [Int]) async throws {
        for (number, time) in times.enumerated() {
            for stage in Course.stages { try await write(number, stage.group, since: 1000, done: time) }
        }
    }

    private func verdict(of events: Int, outages: [Range<Int>] = []) async throws -> Verdict {
        var verdict = Verdict(client, partitions: 1, outages: outages)
        try await verdict.checkJournal(events: events)
        verdict.checkStandstills(visibility: .seconds(2))
        return verdict
    }

    @Test func isGoodWhenAllIsDoneInTime() async throws {
        try await write(doneAt: [1500, 2000, 9000, 12_000])
        let verdict = try await verdict(of: 4)
        #expect(verdict.broken == [])
        #expect((verdict.standstills.longest?.milliseconds, verdict.standstills.longestWait) == (7000, 11_000))
    }

    @Test(arguments: [[1500, 2000, 18_001, 18_500], [17_001, 17_002, 17_003, 17_004]])
    func tellsWhoStoodStill(times: [Int]) async throws {
        try await write(doneAt: times)
        let broken = try await verdict(of: 4).broken
        #expect(broken.count == 1 && broken[0].contains("did nothing with \(Self.source) for 16001 ms"), "\(broken)")
    }

    @Test func oneStreamsWorkDoesNotHideThatAnotherStoodStill() async throws {
        for number in 0..<20 {
            for stage in Course.stages where number != 10 || stage.group != .audit {
                try await write(number, stage.group, since: 1000 * number, done: 1000 * number + 10)
            }
        }
        try await write(10, .audit, since: 10_000, done: 19_500)
        #expect(try await verdict(of: 20).broken == [], "audit did others of this stream meanwhile")
        let line = JournalLine(
            group: "sink", number: 20, worker: "w", attempt: 1, deliveries: 1, source: "another", since: 3000)
        _ = try await client.send(["XADD", Self.journal, "19800-*", "event", try line.text()])
        let broken = try await verdict(of: 21).broken
        #expect(broken.contains { $0.contains("sink did nothing with another for 16800 ms") }, "\(broken)")
    }

    @Test func whereThereIsNothingToDoNobodyStandsStill() async throws {
        for (number, since) in [1000, 100_000, 500_000].enumerated() {
            for stage in Course.stages { try await write(number, stage.group, since: since, done: since + 10) }
        }
        #expect(try await verdict(of: 3).broken == [])
    }

    @Test func whatChaosItselfTookAwayIsNobodysFault() async throws {
        try await write(doneAt: [1500, 2000, 24_000, 24_500])
        #expect(try await verdict(of: 4, outages: [500..<700, 3000..<8000, 15_000..<16_000]).broken == [])
        #expect(try await verdict(of: 4, outages: [3000..<8000]).broken.count == 1)
    }

    @Test func tellsWhatWasLostAndWhatWasDoneTwice() async throws {
        try await write(doneAt: [1500, 2000])
        try await write(0, .relay, since: 1000, done: 2500)
        try await write(2, .sink, since: 1000, done: 2500)
        let broken = try await verdict(of: 3).broken
        #expect(
            broken.map { $0.prefix { $0 != "(" } } == [
                "relay did event 0 more than once ", "audit never did event 2", "relay never did event 2",
            ])
    }
}
