import Events
import Logging
import Messaging
import Redis
import RedisBus
import TestSupport
import Testing

/// A bus on a database of its own, and what tests need to look behind it.
struct TestBus {
    let url: RedisURL
    let bus: RedisBus
    let client: RedisClient
    let partitions: Int

    /// - Parameter url: of a server, for tests that disturb it.
    init(_ url: RedisURL? = nil, visibility: Duration = .seconds(60), partitions: Int = 1) async throws {
        self.url = if let url { url } else { try await RedisServer.database() }
        self.partitions = partitions
        bus = Self.bus(self.url, visibility: visibility, partitions: partitions)
        client = RedisClient(self.url, name: "test")
    }

    /// Another process's bus on the same Redis.
    func another(visibility: Duration = .seconds(60)) -> RedisBus {
        Self.bus(url, visibility: visibility, partitions: partitions)
    }

    private static func bus(_ url: RedisURL, visibility: Duration, partitions: Int) -> RedisBus {
        var options = RedisBusOptions()
        options.visibility = visibility
        options.partitions = partitions
        return RedisBus(url: url, options: options, logger: .quiet)
    }

    func underTest(visibility: Duration) -> BusUnderTest {
        BusUnderTest(
            bus: bus, visibility: visibility,
            state: { key, media in
                let key = RedisKeys.state(media.partition(of: partitions), key)
                let reply = try await client.send(["HMGET", key, "v", "d"]).array ?? []
                guard let version = reply[0].integer, let value = reply[1].string else { return nil }
                return (version, value)
            },
            index: { name, media in
                let key = RedisKeys.index(media.partition(of: partitions), name)
                return try await client.send(["ZRANGE", key, "0", "-1"]).array?.compactMap(\.string) ?? []
            },
            deadLetters: { try await deadLetters(of: $0) },
            length: { try await length(of: $0) },
            publishOddEntry: { stream in
                let key = RedisKeys.stream(partitions - 1, stream.name)
                _ = try await client.send(["XADD", key, "*", "strange", "field"])
            })
    }

    func length(of stream: Events.Stream) async throws -> Int {
        let keys = (0..<partitions).flatMap { partition in
            (0..<stream.lanes).map { RedisKeys.stream(partition, stream.name, lane: $0) }
        }
        let lengths = try await client.pipeline(keys.map { ["XLEN", $0] })
        return lengths.compactMap(\.integer).reduce(0, +)
    }

    func deadLetters(of group: Group) async throws -> [DeadLetter] {
        let keys = (0..<partitions).map { RedisKeys.dead($0, group: group.rawValue) }
        let replies = try await client.pipeline(keys.map { ["XRANGE", $0, "-", "+"] })
        return replies.flatMap { $0.array ?? [] }.map { entry in
            let fields = (entry.array?[1].array ?? []).compactMap(\.string)
            let pairs = stride(from: 0, to: fields.count - 1, by: 2).map { (fields[$0], fields[$0 + 1]) }
            let byName = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
            return DeadLetter(
                payload: byName["event"] ?? "?", reason: byName["reason"] ?? "?", detail: byName["detail"] ?? "?",
                attempt: byName["attempt"].flatMap { Int($0) } ?? -1)
        }
    }
}

extension Logger {
    static var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}

extension TestBus {
    func publish(_ probe: Probe) async throws {
        let output = try Output(Envelope(probe, source: "test", trace: .random()))
        #expect(try await bus.commit(Commit(probe.mediaId, outputs: [output])) == .committed)
    }
}

/// Runs a consumer of probes while `body` runs.
func consume(_ test: TestBus, _ handler: ProbeHandler, _ body: () async throws -> Void) async throws {
    var options = Consumer.Options()
    options.visibility = test.bus.options.visibility
    let consumer = Consumer(test.bus, group: .probe, routes: [Route(handler)], options: options, logger: .quiet)
    async let running: Void = consumer.run()
    try await body()
    consumer.stop()
    await running
}

func receiveOne(_ subscription: any Subscription) async throws -> Delivery {
    var received: [Delivery] = []
    try await eventually("an entry is delivered") {
        received = try await subscription.receive(limit: 1)
        return !received.isEmpty
    }
    return try #require(received.first)
}
