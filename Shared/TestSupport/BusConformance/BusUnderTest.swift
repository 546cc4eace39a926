package import Events
package import Messaging

/// A bus, and how to look behind it.
package struct BusUnderTest: Sendable {
    package let bus: any Bus
    /// As the bus was made with; the checks that need a short one ask for it.
    package let visibility: Duration
    package let state: @Sendable (_ key: String, MediaID) async throws -> (version: Int, value: String)?
    /// The members of an index, in order.
    package let index: @Sendable (_ name: String, MediaID) async throws -> [String]
    package let deadLetters: @Sendable (Group) async throws -> [DeadLetter]
    /// How many entries a stream holds.
    package let length: @Sendable (Stream) async throws -> Int
    /// Puts an entry without any field that the bus knows on a stream.
    package let publishOddEntry: @Sendable (Stream) async throws -> Void

    package init(
        bus: any Bus, visibility: Duration,
        state: @escaping @Sendable (String, MediaID) async throws -> (version: Int, value: String)?,
        index: @escaping @Sendable (String, MediaID) async throws -> [String],
        deadLetters: @escaping @Sendable (Group) async throws -> [DeadLetter],
        length: @escaping @Sendable (Stream) async throws -> Int,
        publishOddEntry: @escaping @Sendable (Stream) async throws -> Void
    ) {
        self.bus = bus
        self.visibility = visibility
        self.state = state
        self.index = index
        self.deadLetters = deadLetters
        self.length = length
        self.publishOddEntry = publishOddEntry
    }

    package init(_ bus: MemoryBus, visibility: Duration) {
        self.init(
            bus: bus, visibility: visibility,
            state: { key, _ in await bus.state(key) },
            index: { name, _ in await bus.index(name).map(\.member) },
            deadLetters: { await bus.deadLetters(of: $0) },
            length: { await bus.length(of: $0) },
            publishOddEntry: { await bus.publish("", on: $0) })
    }
}

extension BusUnderTest {
    func publish(_ payload: String, on stream: Stream, about media: MediaID = .generate()) async throws {
        let commit = Commit(media, outputs: [Output(stream: stream, payload: payload)])
        try expect(try await bus.commit(commit) == .committed, "a commit of outputs alone never conflicts")
    }

    func publish(_ probe: Probe) async throws {
        let envelope = Envelope(probe, source: "test", trace: .random())
        try await publish(try Output(envelope).payload, on: Probe.stream, about: probe.mediaId)
    }
}

extension Subscription {
    /// Receives until there are `count` deliveries.
    func collect(_ count: Int, timeout: Duration = .seconds(20)) async throws -> [Delivery] {
        let deadline = ContinuousClock.now + timeout
        var all: [Delivery] = []
        while all.count < count {
            guard ContinuousClock.now < deadline else {
                throw CheckFailed(description: "\(all.count) of \(count) entries were delivered within \(timeout)")
            }
            all += try await receive(limit: count - all.count)
        }
        return all
    }

    /// Receives again and again for a while, and expects nothing.
    func expectNothing(for duration: Duration, _ what: String) async throws {
        let deadline = ContinuousClock.now + duration
        while ContinuousClock.now < deadline {
            let deliveries = try await receive(limit: 10)
            try expect(deliveries.isEmpty, what)
        }
    }
}

/// A promise of the bus that was not kept.
package struct CheckFailed: Error, CustomStringConvertible {
    package let description: String
}

func expect(_ condition: Bool, _ what: String, line: Int = #line, file: StaticString = #fileID) throws {
    if !condition { throw CheckFailed(description: "\(file):\(line): \(what)") }
}
