package import Events
package import Messaging

/// The bus in memory, for tests of handlers and services: the same promises as on Redis, without the process.
package actor MemoryBus: Bus {
    private struct Delayed {
        let due: ContinuousClock.Instant
        let target: String
        let payload: String
        let attempt: Int
        let waits: Int
        let lane: Int
    }

    private let visibility: Duration
    private var streams: [String: MemoryStream] = [:]
    private var history: [String: [String]] = [:]
    private var keyed = MemoryState()
    private var delayed: [Delayed] = []
    private var dead: [Group: [DeadLetter]] = [:]
    private var consumers = 0
    private var turn = 0

    package init(visibility: Duration = .seconds(60)) { self.visibility = visibility }

    // MARK: What tests look at

    /// The payloads of everything ever published on a stream.
    package func published(on stream: Stream) -> [String] { history[stream.name] ?? [] }

    package func state(_ key: String) -> (version: Int, value: String)? {
        keyed.value(key).map { ($0.version, $0.text) }
    }

    /// The members of an index, by score, equal scores by their bytes.
    package func index(_ name: String) -> [(member: String, score: Double)] {
        keyed.index(name)
    }

    package func deadLetters(of group: Group) -> [DeadLetter] { dead[group] ?? [] }

    /// How many entries a stream still holds.
    package func length(of stream: Stream) -> Int {
        Self.names(stream).map { streams[$0]?.entries.count ?? 0 }.reduce(0, +)
    }

    /// Puts a payload on a stream as it is, whatever it is.
    package func publish(_ payload: String, on stream: Stream) { emit(Output(stream: stream, payload: payload), lane: 0) }

    // MARK: Bus

    package func commit(_ commit: Commit) -> CommitResult {
        guard !conflicts(commit) else { return .conflict }
        apply(commit, lane: 0)
        return .committed
    }

    package func subscribe(_ group: Group, to streams: [Stream]) throws(BusError) -> any Subscription {
        guard !streams.isEmpty else { throw BusError("a group needs a stream to read") }
        for stream in streams {
            open(stream)
            for name in Self.names(stream) where self.streams[name]?.groups[group.rawValue] == nil {
                self.streams[name]?.groups[group.rawValue] = .init()
            }
            let retries = Self.retryName(stream, group)
            if self.streams[retries] == nil { self.streams[retries] = MemoryStream(groups: [group.rawValue]) }
        }
        consumers += 1
        return MemorySubscription(bus: self, group: group, streams: streams, consumer: consumers)
    }

    // MARK: For subscriptions

    func take(_ limit: Int, _ group: Group, _ streams: [Stream], _ consumer: Int) -> [Delivery] {
        promote()
        turn += 1
        var deliveries: [Delivery] = []
        let suspecting = self.streams.values.contains { $0.isSuspecting(group.rawValue, consumer, visibility) }
        for lane in Self.lanes(turn) {
            for stream in streams where lane < stream.lanes {
                for source in [Self.names(stream)[lane]] + (lane == 0 ? [Self.retryName(stream, group)] : []) {
                    let mayTakeOver = !suspecting && !deliveries.contains { $0.deliveries > 1 }
                    let taken = self.streams[source]?.take(
                        limit - deliveries.count, group: group.rawValue, consumer: consumer, visibility: visibility,
                        mayTakeOver: mayTakeOver)
                    deliveries += (taken ?? []).map { entry, count in
                        Delivery(
                            id: .init(partition: 0, source: source, entry: String(entry.id)), group: group, stream: stream,
                            payload: entry.payload, attempt: entry.attempt, waits: entry.waits, deliveries: count,
                            lane: entry.lane)
                    }
                }
            }
        }
        return deliveries
    }

    func settle(_ delivery: Delivery, _ settlement: Settlement, _ consumer: Int) throws(BusError) -> SettleResult {
        if case .done(let commit) = settlement { try check(commit) }
        guard owns(delivery, consumer) else { return .lostOwnership }
        switch settlement {
        case .done(let commit):
            guard !conflicts(commit) else { return .conflict }
            apply(commit, lane: delivery.lane)
        case .retry(let delay, _): put(delivery, off: delay, attempts: 1, waits: 0)
        case .wait(let delay, _, let commit):
            guard !conflicts(commit) else { return .conflict }
            apply(commit, lane: delivery.lane)
            put(delivery, off: delay, attempts: 0, waits: 1)
        case .reject(let reason, let detail, let commit):
            guard !conflicts(commit) else { return .conflict }
            apply(commit, lane: delivery.lane)
            dead[delivery.group, default: []].append(
                DeadLetter(
                    payload: delivery.payload, reason: reason.rawValue, detail: detail, attempt: delivery.attempt + delivery.waits
                ))
        }
        acknowledge(delivery)
        return .settled
    }

    func keep(_ delivery: Delivery, _ consumer: Int) -> Bool {
        guard owns(delivery, consumer), let id = Int(delivery.id.entry) else { return false }
        streams[delivery.id.source]?.touch(id, in: delivery.group.rawValue)
        return true
    }

    func release(_ delivery: Delivery, _ consumer: Int) {
        guard owns(delivery, consumer) else { return }
        streams[Self.retryName(delivery.stream, delivery.group)]?.append(
            delivery.payload, attempt: delivery.attempt, waits: delivery.waits, lane: delivery.lane)
        acknowledge(delivery)
    }

    // MARK: Inside

    /// The lanes in their order of a turn: every other turn begins with the first, every fourth with the second, and so on.
    private static func lanes(_ turn: Int) -> [Int] {
        let favoured = min(turn.trailingZeroBitCount, 3)
        return [favoured] + (0...3).filter { $0 != favoured }
    }

    private static func names(_ stream: Stream) -> [String] { (0..<stream.lanes).map { "\(stream.name).\($0)" } }
    private static func retryName(_ stream: Stream, _ group: Group) -> String { "\(stream.name):retry.\(group.rawValue)" }

    private func owns(_ delivery: Delivery, _ consumer: Int) -> Bool {
        guard let id = Int(delivery.id.entry) else { return false }
        return streams[delivery.id.source]?.owner(of: id, in: delivery.group.rawValue) == consumer
    }

    private func acknowledge(_ delivery: Delivery) {
        guard let id = Int(delivery.id.entry) else { return }
        streams[delivery.id.source]?.acknowledge(id, in: delivery.group.rawValue)
    }

    private func put(_ delivery: Delivery, off delay: Duration, attempts: Int, waits: Int) {
        delayed.append(
            Delayed(
                due: .now + delay, target: Self.retryName(delivery.stream, delivery.group), payload: delivery.payload,
                attempt: delivery.attempt + attempts, waits: delivery.waits + waits, lane: delivery.lane))
    }

    private func promote() {
        let now = ContinuousClock.now
        for entry in delayed where entry.due <= now {
            streams[entry.target]?.append(entry.payload, attempt: entry.attempt, waits: entry.waits, lane: entry.lane)
        }
        delayed.removeAll { $0.due <= now }
    }

    private func open(_ stream: Stream) {
        for name in Self.names(stream) where streams[name] == nil {
            streams[name] = MemoryStream(groups: stream.groups.map(\.rawValue))
        }
    }

    private func emit(_ output: Output, lane: Int) {
        open(output.stream)
        let lane = min(lane, output.stream.lanes - 1)
        streams[Self.names(output.stream)[lane]]?.append(output.payload, attempt: 1, lane: lane)
        history[output.stream.name, default: []].append(output.payload)
    }

    private func check(_ commit: Commit) throws(BusError) {
        for case .addToIndex(_, _, let score) in commit.changes where score.isNaN {
            throw BusError("a score must be a number", isRefusal: true)
        }
    }

    private func conflicts(_ commit: Commit) -> Bool { commit.changes.contains(where: keyed.conflicts) }

    private func apply(_ commit: Commit, lane: Int) {
        for change in commit.changes { keyed.apply(change) }
        for output in commit.outputs { emit(output, lane: commit.lane ?? lane) }
    }
}
