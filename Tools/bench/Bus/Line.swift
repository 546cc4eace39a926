import Events
import Logging
import Messaging
import RedisBus
import Synchronization

/// One or two chained consumers that count what arrives at the end.
final class Line: Sendable {
    private let bus: RedisBus
    private let consumers: [Consumer]
    private let end: LineEnd

    init(bus: RedisBus, hops: Int, concurrency: Int) {
        var options = Consumer.Options()
        options.concurrency = concurrency
        let end = LineEnd()
        self.end = end
        self.bus = bus
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let last: (Group, Route) =
            hops == 1 ? (.first, Route(LastHop<Parcel>(end: end))) : (.second, Route(LastHop<Forwarded>(end: end)))
        let hops = (hops == 1 ? [] : [(Group.first, Route(FirstHop()))]) + [last]
        consumers = hops.map { Consumer(bus, group: $0.0, routes: [$0.1], options: options, logger: logger) }
    }

    /// Runs until so many have arrived, here and with the others of the crowd, and all is settled.
    /// - Returns: what it took until then; that consumers leave their groups, which may wait for a read to end, is not counted.
    func run(until count: Int, _ crowd: Crowd) async throws -> Cost {
        try await withThrowingDiscardingTaskGroup { tasks in
            for consumer in consumers { tasks.addTask { await consumer.run() } }
            defer { for consumer in consumers { consumer.stop() } }
            return try await Cost.of {
                if crowd.size == 1 { await end.reached(count) } else { try await end.reached(count, crowd) }
                try await settled()
            }
        }
    }

    private func settled() async throws {
        while try await bus.statistics(of: [Parcel.stream, Forwarded.stream]).contains(where: { $0.pending > 0 }) {
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}

/// Passes events on.
private struct FirstHop: Handler {
    func handle(_ incoming: Incoming<Parcel>) throws -> Commit {
        let event = incoming.event
        let envelope = Envelope(
            Forwarded(mediaId: event.mediaId, sent: event.sent), id: incoming.envelope.id, source: "bench", trace: incoming.trace)
        return Commit(event.mediaId, outputs: [try Output(envelope)])
    }
}

private protocol Sent: Event { var sent: UInt64 { get } }
extension Parcel: Sent {}
extension Forwarded: Sent {}

/// Does nothing, and says so in one output.
private struct LastHop<Input: Sent>: Handler {
    let end: LineEnd
    private static var note: String { String(repeating: "x", count: 256) }
    private let output = Output(stream: .arrived, payload: note)

    init(end: LineEnd) { self.end = end }

    func handle(_ incoming: Incoming<Input>) throws -> Commit {
        end.arrived()
        return Commit(incoming.event.mediaId, outputs: [output])
    }
}

/// Counts arrivals.
final class LineEnd: Sendable {
    private let state = Mutex((count: 0, goal: Int.max, waiter: CheckedContinuation<Void, Never>?.none))

    func arrived() {
        let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
            state.count += 1
            return state.count == state.goal ? state.waiter : nil
        }
        waiter?.resume()
    }

    func reached(_ goal: Int) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                state.goal = goal
                state.waiter = continuation
                return state.count >= goal
            }
            if isReached { continuation.resume() }
        }
    }

    /// Asks again and again, at the price of one command each time.
    func reached(_ goal: Int, _ crowd: Crowd) async throws {
        var (told, total) = (0, 0)
        while total < goal {
            try await Task.sleep(for: .milliseconds(5))
            let count = state.withLock { $0.count }
            total = try await crowd.total("arrived", adding: count - told)
            told = count
        }
    }
}
