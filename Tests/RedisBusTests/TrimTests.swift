import Events
import Messaging
import Redis
import RedisBus
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

    @Test(.timeLimit(.minutes(2)))
    func staysSmallUnderASteadyLoad() async throws {
        let test = try await TestBus()
        let longest = try await withThrowingTaskGroup(of: Int.self) { tasks in
            for group in Self.groups {
                tasks.addTask {
                    let subscription = try await test.another().subscribe(group, to: [Self.stream])
                    var done = 0
                    while done < 5000 {
                        for delivery in try await subscription.receive(limit: 50) {
                            #expect(try await subscription.settle(delivery, .done(.nothing)) == .settled)
                            done += 1
                        }
                    }
                    return 0
                }
            }
            tasks.addTask {
                var longest = 0
                for number in 0..<5000 {
                    _ = try await test.bus.commit(
                        Commit(.generate(), outputs: [Output(stream: Self.stream, payload: "\(number)")]))
                    longest = max(longest, try await test.length(of: Self.stream))
                    // As fast as the slower group, and no faster.
                    while try await test.length(of: Self.stream) > 200 { try await Task.sleep(for: .milliseconds(1)) }
                }
                return longest
            }
            return try await tasks.reduce(0, max)
        }
        #expect(longest <= 202)
        #expect(try await test.length(of: Self.stream) == 0)
        let memory = try await test.client.send(["MEMORY", "USAGE", RedisKeys.stream(0, Self.stream.name)]).integer ?? 0
        #expect(memory < 20_000, "an empty stream holds on to nothing: \(memory) bytes")
        #expect(try await test.client.send(["HLEN", RedisKeys.stream(0, Self.stream.name) + ":acks"]) == .integer(0))
    }
}
