import Messaging
import Synchronization
import TestSupport
import Testing

@Suite struct BatcherTests {
    private final class Sent: Sendable {
        let batches = Mutex<[[Int]]>([])
        /// Batches are sent while it is open.
        let gate = Mutex(true)
        let running = Mutex((now: 0, most: 0))

        func send(_ batch: [Int]) async {
            running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            while !gate.withLock({ $0 }) { await Task.yield() }
            batches.withLock { $0.append(batch) }
            running.withLock { $0.now -= 1 }
        }
    }

    @Test func sendsTogetherWhatComesMeanwhile() async throws {
        let sent = Sent()
        let batcher = Batcher<Int>(limit: 4) { await sent.send($0) }
        sent.gate.withLock { $0 = false }
        batcher.add(0)
        try await eventually("a batch is sent") { sent.running.withLock { $0.now } == 1 }
        for number in 1...9 { batcher.add(number) }
        sent.gate.withLock { $0 = true }
        try await eventually("all are sent") { sent.batches.withLock { $0.count } == 4 }
        #expect(sent.batches.withLock { $0 } == [[0], [1, 2, 3, 4], [5, 6, 7, 8], [9]])
        #expect(sent.running.withLock { $0.most } == 1)
    }

    @Test func holdsBackUntilThereIsEnough() async throws {
        let sent = Sent()
        let batcher = Batcher<Int>(limit: 10) { await sent.send($0) }
        batcher.hold()
        batcher.add(1)
        for _ in 0..<1000 { await Task.yield() }
        #expect(sent.batches.withLock { $0.isEmpty })
        for number in 2...10 { batcher.add(number) }
        try await eventually("a whole batch is sent") { sent.batches.withLock { $0 } == [Array(1...10)] }
        batcher.add(11)
        batcher.release()
        batcher.release()
        try await eventually("the rest is sent") { sent.batches.withLock { $0 } == [Array(1...10), [11]] }
    }
}
