import Catalog
import Events
import FoundationEssentials
import Logging
import Messaging
import ObjectStore
import Redis
import RedisBus
import TestSupport

@testable import ManifestWriter

/// Any number of manifest-writers on one private Redis of three partitions and one store.
struct WriterRig {
    static let partitions = 3

    let server: RedisServer
    let redis: RedisClient
    let bus: RedisBus
    let store: FileStore
    let catalog: Catalog
    let directory = TemporaryDirectory()
    let updates: MediaUpdates
    let logger = Logger(label: "test")

    init(deadline: Duration = .seconds(3600), optional: Set<Step> = [], visibility: Duration = .seconds(60)) async throws {
        server = try await RedisServer.start()
        redis = RedisClient(server.url, name: "writer-test")
        var options = RedisBusOptions()
        options.partitions = Self.partitions
        options.visibility = visibility
        bus = RedisBus(url: server.url, options: options, logger: logger)
        store = FileStore(
            root: directory.path + "/store", signingKey: Array(repeating: 1, count: 32), publicURL: "http://127.0.0.1")
        catalog = Catalog(redis: redis, store: store, partitions: Self.partitions)
        var rules = StepRules()
        rules.deadline = deadline
        rules.optional = optional
        updates = MediaUpdates(catalog: catalog, bus: bus, store: store, rules: rules)
    }

    func close() async {
        await redis.close()
        await bus.close()
        server.stop()
        directory.remove()
    }

    func consumer(visibility: Duration = .seconds(60)) -> Consumer {
        var options = Consumer.Options()
        options.visibility = visibility
        options.policy = RetryPolicy(maxAttempts: 50, base: .milliseconds(20), cap: .milliseconds(200))
        let routes = [
            Route(IngestedHandler(updates: updates)), Route(CompletedHandler(updates: updates)),
            Route(ProgressHandler(updates: updates)), Route(FailedHandler(updates: updates)),
        ]
        return Consumer(bus, group: .manifestWriter, routes: routes, options: options, logger: logger)
    }

    /// Runs consumers while `body` does.
    func running(_ count: Int, _ body: () async throws -> Void) async throws {
        let consumers = (0..<count).map { _ in consumer() }
        try await withThrowingDiscardingTaskGroup { group in
            for consumer in consumers { group.addTask { await consumer.run() } }
            defer { for consumer in consumers { consumer.stop() } }
            try await body()
        }
    }

    /// Each event as often as it stands there, in a commit of its own.
    func publish(_ outputs: [(MediaID, Output)]) async throws {
        for (id, output) in outputs { _ = try await bus.commit(Commit(id, outputs: [output])) }
    }

    /// Runs steps that read their work and never say what came of it, while `body` does.
    func silently(_ steps: [Group], _ body: () async throws -> Void) async throws {
        let consumers = steps.map { Consumer(bus, group: $0, routes: [Route(SilentStep())], logger: logger) }
        try await withThrowingDiscardingTaskGroup { group in
            for consumer in consumers { group.addTask { await consumer.run() } }
            defer { for consumer in consumers { consumer.stop() } }
            try await body()
        }
    }

    private struct SilentStep: Handler {
        func handle(_ incoming: Incoming<MediaIngested>) -> Commit { .nothing }
    }

    /// The status events on a stream, all partitions together, in their order.
    func statuses(on stream: Events.Stream = .mediaStatus) async throws -> [Envelope<MediaStatusChanged>] {
        try await events(MediaStatusChanged.self, on: stream)
    }

    /// The events of a type on a stream, lane by lane.
    func events<Body: Event>(
        _ type: Body.Type, on stream: Events.Stream = Body.stream
    ) async throws -> [Envelope<Body>] {
        var events: [Envelope<Body>] = []
        for partition in 0..<Self.partitions {
            for lane in 0..<stream.lanes {
                let reply = try await redis.send(["XRANGE", RedisKeys.stream(partition, stream.name, lane: lane), "-", "+"])
                for entry in reply.array ?? [] {
                    let fields = entry.array?.last?.array?.compactMap(\.string) ?? []
                    guard let index = fields.firstIndex(of: "event") else { continue }
                    let payload = Data(fields[index + 1].utf8)
                    guard try EventCoding.decode(EnvelopeHeader.self, from: payload).type == Body.type else { continue }
                    events.append(try EventCoding.decode(Envelope<Body>.self, from: payload))
                }
            }
        }
        return events
    }

    /// What has not been settled of what manifest-writer reads.
    func unsettled() async throws -> Int {
        try await bus.statistics(of: [.steps, .mediaIngested]).filter { $0.group == .manifestWriter }
            .reduce(0) { $0 + $1.lag + $1.pending }
    }
}
