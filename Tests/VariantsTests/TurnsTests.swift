import HTTPServer
import Synchronization
import TestSupport
import Testing

@testable import Variants

@Suite struct TurnsTests {
    @Test func aFewRunSomeWaitTheRestAreSentAway() async throws {
        let turns = Turns(atOnce: 2, waiting: 3)
        let gate = Once<Void>()
        let running = Tally((now: 0, most: 0))
        let outcomes = Tally((done: 0, full: 0))
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<10 {
                tasks.addTask {
                    do {
                        try await turns.take {
                            running.update { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                            try await gate.value()
                            running.update { $0.now -= 1 }
                        }
                        outcomes.update { $0.done += 1 }
                    } catch { outcomes.update { $0.full += 1 } }
                }
            }
            try? await eventually("five are sent away") { outcomes.update { $0.full } == 5 }
            gate.resolve(.success(()))
        }
        #expect(outcomes.update { $0 } == (5, 5))
        #expect(running.update { $0 } == (0, 2))
        // An error hands the turn on as well.
        for _ in 0..<5 { _ = try? await turns.take { throw Turns.Full() } }
        #expect(try await turns.take { 1 } == 1)
    }

    @Test func workOfOneNameIsSharedWhileItRuns() async throws {
        let shared = SharedWork<Int>()
        let gate = Once<Void>()
        let runs = Tally(0)
        let work: @Sendable () async throws -> Int = {
            runs.update { $0 += 1 }
            try await gate.value()
            return 42
        }
        let started = Tally(0)
        try await withThrowingTaskGroup(of: Int.self) { tasks in
            for _ in 0..<20 {
                tasks.addTask {
                    started.update { $0 += 1 }
                    return try await shared.result(of: "a", work)
                }
            }
            try await eventually("all have asked") { started.update { $0 } == 20 && runs.update { $0 } == 1 }
            // Whoever asks from here on may find it finished: that is a second run, and right.
            try await Task.sleep(for: .milliseconds(20))
            gate.resolve(.success(()))
            for try await value in tasks { #expect(value == 42) }
        }
        #expect(runs.update { $0 } == 1)
        #expect(try await shared.result(of: "a") { 7 } == 7)
        await #expect(throws: Turns.Full.self) { _ = try await shared.result(of: "a") { throw Turns.Full() } }
        #expect(try await shared.result(of: "a") { 8 } == 8)
    }
}

/// A value that many tasks change.
private final class Tally<Value: Sendable>: Sendable {
    private let value: Mutex<Value>
    init(_ value: Value) { self.value = Mutex(value) }

    @discardableResult
    func update<Answer: Sendable>(_ change: (inout sending Value) -> sending Answer) -> Answer { value.withLock(change) }
}
