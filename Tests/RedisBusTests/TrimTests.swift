import Events
import Messaging
import Redis
import RedisBus
import Synchronization
import TestSupport
import Testing

/// No entry goes before every group of the contract has acknowledged it; and then it does.
@Suite struct TrimTests {
    static let groups = [Group.probe, .other]
    static let stream = Events.Stream("test.trim", groups: groups)

    @Test(.timeLimit(.minutes(2)), arguments: 1...6)
    func keepsWhatAGroupStillNeeds(seed: Int) async throws {
        var play = try await TrimPlay(seed: UInt64(seed))
        for _ in 0..<150 {
            try await play.step()
            try await play.expectNothingLost()
        }
        try await play.finish()
        try await play.expectNothingLost()
        #expect(try await play.left() == 0, "what all have acknowledged is gone")
    }

    @Test(.timeLimit(.minutes(1)))
    func notesWhoHasAcknowledgedWhatOthersNeed() async throws {
        let test = try await TestBus()
        let acks = RedisKeys.acks(of: RedisKeys.stream(0, Self.stream.name))
        _ = try await test.bus.commit(Commit(.generate(), outputs: [Output(stream: Self.stream, payload: "p")]))
        for (group, notes) in [(Group.probe, 1), (.other, 0)] {
            let subscription = try await test.bus.subscribe(group, to: [Self.stream])
            #expect(try await subscription.settle(try await receiveOne(subscription), .done(.nothing)) == .settled)
            #expect(try await test.client.send(["HLEN", acks]) == .integer(notes))
        }
        #expect(try await test.length(of: Self.stream) == 0)
    }

    /// An entry goes with its last acknowledgement: nothing is left but what somebody has still to do.
    @Test(.timeLimit(.minutes(2)))
    func staysSmallUnderASteadyLoad() async throws {
        let test = try await TestBus()
        let done = Done()
        let longest = try await withThrowingTaskGroup(of: Int.self) { tasks in
            for group in Self.groups {
                tasks.addTask {
                    let subscription = try await test.another().subscribe(group, to: [Self.stream])
                    while done.count(group) < 3000 {
                        for delivery in try await subscription.receive(limit: 50) {
                            #expect(try await subscription.settle(delivery, .done(.nothing)) == .settled)
                            done.add(group)
                        }
                    }
                    return 0
                }
            }
            tasks.addTask {
                var longest = 0
                for number in 0..<3000 {
                    // As fast as the slower group, and no faster.
                    try await eventually("at most 200 are left to be done") {
                        Self.groups.allSatisfy { done.count($0) > number - 200 }
                    }
                    _ = try await test.bus.commit(
                        Commit(.generate(), outputs: [Output(stream: Self.stream, payload: "\(number)")]))
                    longest = max(longest, try await test.length(of: Self.stream))
                }
                return longest
            }
            return try await tasks.reduce(0, max)
        }
        #expect(longest <= 200)
        #expect(try await test.length(of: Self.stream) == 0)
        let memory = try await test.client.send(["MEMORY", "USAGE", RedisKeys.stream(0, Self.stream.name)]).integer ?? 0
        #expect(memory < 20_000, "an empty stream holds on to nothing: \(memory) bytes")
        #expect(try await test.client.send(["EXISTS", RedisKeys.acks(of: RedisKeys.stream(0, Self.stream.name))]) == .integer(0))
    }
}

/// How many entries each group has settled.
private final class Done: Sendable {
    private let counts = Mutex<[Group: Int]>([:])

    func count(_ group: Group) -> Int { counts.withLock { $0[group, default: 0] } }
    func add(_ group: Group) { counts.withLock { $0[group, default: 0] += 1 } }
}
