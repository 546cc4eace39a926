import Events
import Messaging
import Redis
import RedisBus
import TestSupport
import Testing

/// The users of `compose/redis/users.acl.template` can do their services' work, and nothing else.
@Suite struct UsersTests {
    /// What a service does on the bus. That the services do no more is what the end-to-end tests see: they run as these users.
    struct Work: Sendable, CustomStringConvertible {
        let description: String
        var reads: [Events.Stream] = []
        var writes: [Events.Stream] = []
        var state: String?
        var index: String?
        var group: Group { Group(rawValue: description) }
    }

    static let works = [
        Work(
            description: "upload-gateway", writes: [.mediaUploaded, .mediaStatus, .feed], state: "media:x",
            index: "project:demo:ready"),
        Work(
            description: "ingest-listener", reads: [.mediaUploaded],
            writes: [.mediaUploaded, .mediaIngested, .mediaTranscode, .steps, .mediaStatus, .feed], state: "media:x",
            index: "project:demo:ready"),
        Work(description: "metadata", reads: [.mediaIngested], writes: [.steps]),
        Work(description: "variants", reads: [.mediaIngested], writes: [.steps]),
        Work(description: "transcoder", reads: [.mediaTranscode], writes: [.steps]),
        Work(
            description: "manifest-writer", reads: [.mediaIngested, .steps],
            writes: [.mediaUploaded, .mediaIngested, .mediaTranscode, .mediaStatus, .feed], state: "media:x", index: "deadlines"),
        Work(description: "notifier", reads: [.mediaStatus, .webhookDelivery], writes: [.webhookDelivery]),
    ]

    let server: RedisServer
    let admin: RedisClient

    init() async throws {
        server = try await RedisServer.start(.init(users: try RedisUsers.lines()))
        admin = RedisClient(server.url, name: "admin")
    }

    private func url(_ user: String) throws -> RedisURL { try RedisURL("redis://\(user):\(user)@127.0.0.1:\(server.url.port)") }

    @Test(.timeLimit(.minutes(1)), arguments: works)
    func doesItsWork(_ work: Work) async throws {
        let bus = try await TestBus(try url(work.description), visibility: .milliseconds(400), partitions: 2)
        try await doWork(work, bus, beside: admin)
        #expect(try await admin.send(["ACL", "LOG"]) == .array([]))
    }

    /// The replicas of this cluster follow their masters as the user `replica`.
    @Test(.timeLimit(.minutes(1)))
    func allWorkOnAClusterThatSpeaksTLS() async throws {
        let features = RedisServer.Features(certificates: try TestCertificates(), users: try RedisUsers.lines())
        let cluster = try await RedisCluster.start(features)
        let admin = RedisClient(cluster.url, name: "admin")
        for work in Self.works {
            try await cluster.flushAll()
            var url = try RedisURL("rediss://\(work):\(work)@\(cluster.hosts)")
            url.tls = RedisTLS(authorityFile: features.certificates?.authority.certificate)
            try await doWork(work, try await TestBus(url, visibility: .milliseconds(400), partitions: 2), beside: admin)
        }
        #expect(try await admin.pipelineEverywhere([["ACL", "LOG"]]).allSatisfy { $0 == [.array([])] })
    }

    private func doWork(_ work: Work, _ bus: TestBus, beside admin: RedisClient) async throws {
        try await bus.bus.checkServer()
        #expect(try await bus.bus.statistics(of: Events.Stream.all).count == 8)
        if !work.reads.isEmpty { try await read(work, bus, beside: admin) }
        for media in Self.media {
            #expect(try await bus.bus.commit(Self.commit(work, media, to: work.writes)) == .committed)
        }
        await bus.bus.close()
    }

    /// Every way that an entry can go, and what a member of a group does beside.
    private func read(_ work: Work, _ bus: TestBus, beside admin: RedisClient) async throws {
        let other = RedisBus(url: admin.url, options: bus.bus.options, logger: .quiet)
        let subscription = try await bus.bus.subscribe(work.group, to: work.reads)
        let outputs = work.writes.filter { !work.reads.contains($0) }
        for stream in work.reads {
            for (lane, media) in Self.media.enumerated() {
                let output = Output(stream: stream, payload: "\(media)")
                _ = try await other.commit(Commit(media, outputs: [output]).inLane(lane))
                let first = try await receiveOne(subscription)
                #expect(try await subscription.heartbeat([first]) == [true])
                #expect(try await subscription.settle(first, .retry(after: .zero, reason: "")) == .settled)
                try await subscription.release([try await receiveOne(subscription)])
                let taken = try await receiveOne(subscription)
                #expect(try await subscription.settle(taken, .done(Self.commit(work, media, to: outputs))) == .settled)
            }
            _ = try await other.commit(Commit(.generate(), outputs: [Output(stream: stream, payload: "poison")]))
            _ = try await receiveOne(subscription)
            let again = try await receiveOne(subscription)
            #expect(again.deliveries > 1, "it was taken over, having been idle for too long")
            #expect(try await subscription.settle(again, .reject(.permanent, detail: "", .nothing)) == .settled)
        }
        try await eventually("what all have acknowledged is trimmed") {
            let streams = work.reads.filter { $0.groups == [work.group] }
            let keys = streams.flatMap { [RedisKeys.stream(0, $0.name), RedisKeys.stream(1, $0.name, lane: 1)] }
            return try await admin.pipeline(keys.map { ["XLEN", $0] }).allSatisfy { $0 == .integer(0) }
        }
        await subscription.close()
    }

    /// One of each partition.
    private static let media = [0, 1].map { partition in
        (0...).lazy.map { _ in MediaID.generate() }.first { $0.partition(of: 2) == partition } ?? .generate()
    }

    private static func commit(_ work: Work, _ media: MediaID, to streams: [Events.Stream]) -> Commit {
        var changes: [StateChange] = []
        if let state = work.state {
            changes.append(.put(key: "\(state):\(MediaID.generate())", value: "v", expecting: 0, lifetime: .seconds(60)))
        }
        if let index = work.index {
            changes += [.addToIndex(index, member: "m", score: 0), .removeFromIndex(index, member: "m")]
        }
        return Commit(media, changes: changes, outputs: streams.map { Output(stream: $0, payload: "p") }).inLane(3)
    }

    @Test(.timeLimit(.minutes(1)), arguments: works)
    func isRefusedAnythingElse(_ work: Work) async throws {
        let client = RedisClient(try url(work.description), name: "curious")
        for command in Self.foreign(to: work) + Self.forbidden {
            await #expect("\(work): \(command)") {
                try await client.send(command)
            } throws: {
                "\($0)".hasPrefix("NOPERM") || "\($0)".contains("The user executing the script can't")
            }
        }
    }

    /// The streams that are none of its business, and those that it may read but not write.
    private static func foreign(to work: Work) -> [[String]] {
        var commands: [[String]] = []
        for stream in Events.Stream.all where !work.writes.contains(stream) {
            let key = RedisKeys.stream(0, stream.name)
            commands.append(["XADD", key, "*", "event", "forged"])
            commands.append(["EVAL", "return redis.call('XADD', '\(key)', '*', 'a', 'b')", "0"])
            if work.reads.contains(stream) { continue }
            commands.append(["XREADGROUP", "GROUP", "g", "c", "STREAMS", key, ">"])
            commands.append(["XTRIM", key, "MAXLEN", "0"])
            commands.append(["XGROUP", "CREATE", key, work.description, "0", "MKSTREAM"])
            if work.description == "notifier", stream == .feed { continue }
            commands.append(["XREAD", "STREAMS", key, "0"])
            commands.append(["XRANGE", key, "-", "+"])
        }
        return commands
    }

    private static let forbidden = [
        ["FLUSHALL"], ["KEYS", "*"], ["SCAN", "0"], ["CONFIG", "GET", "*"], ["ACL", "LIST"], ["SHUTDOWN"], ["MONITOR"],
        ["SCRIPT", "FLUSH"], ["CLIENT", "LIST"], ["DEBUG", "SLEEP", "0"], ["REPLICAOF", "NO", "ONE"], ["GET", "secret"],
        ["HSET", "{mr:0}:state:secret", "v", "1"], ["DEL", "{mr:0}:delayed"], ["SELECT", "1"],
        ["XADD", RedisKeys.dead(0, group: "somebody"), "*", "a", "b"],
    ]

    @Test(.timeLimit(.minutes(1)))
    func anOperatorLooksAfterQueuesAndDeadLetters() async throws {
        let work = try await TestBus(server.url, partitions: 2)
        let bus = try await TestBus(try url("operator"), partitions: 2)
        for ending in [Settlement.retry(after: .seconds(60), reason: ""), .reject(.permanent, detail: "", .nothing)] {
            let subscription = try await work.bus.subscribe(.metadata, to: [.mediaIngested])
            _ = try await work.bus.commit(Commit(.generate(), outputs: [Output(stream: .mediaIngested, payload: "p")]).inLane(2))
            _ = try await subscription.settle(try await receiveOne(subscription), ending)
        }
        try await bus.bus.checkServer()
        let queue = try #require(try await bus.bus.queues().first { $0.figures.group == .variants })
        #expect(queue.figures.lag == 2 && queue.oldest != nil)
        let dead = bus.bus.deadLetters()
        let letter = try #require(try await dead.newest(limit: 10).first)
        #expect(try await dead.letter(letter.id) == letter)
        #expect(try await dead.applyToAll(.replay, .init(group: .metadata)).taken == 1)
        #expect(try await dead.apply(.drop, to: letter.id).taken == 0)
        #expect(try await admin.send(["ACL", "LOG"]) == .array([]))
        let key = RedisKeys.stream(0, Events.Stream.mediaIngested.name)
        for command in [["XADD", key, "*", "event", "forged"], ["XTRIM", key, "MAXLEN", "0"], ["FLUSHALL"]] {
            await #expect { try await bus.client.send(command) } throws: { "\($0)".hasPrefix("NOPERM") }
        }
    }

    @Test func nobodyComesInWithoutAPassword() async throws {
        let client = RedisClient(try RedisURL("redis://127.0.0.1:\(server.url.port)"), name: "nobody")
        await #expect { try await client.send(["PING"]) } throws: { "\($0)".hasPrefix("NOAUTH") }
    }
}
