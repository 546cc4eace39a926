import Events
import FoundationEssentials
import Glibc
import Messaging
import Redis
import TestSupport

/// What happens to workers and Redis while events flow, by the seed.
struct Accidents {
    enum Kind: String, CaseIterable {
        case killWorker = "workers killed"
        case stopWorker = "workers stopped for a while"
        case killRedis = "Redis killed (appendfsync always)"
        case restartRedis = "Redis restarted (appendfsync everysec)"
        case freezeRedis = "Redis frozen for a while"
        case cutConnections = "all connections cut"
        case flushScripts = "scripts forgotten"
        case destroyGroup = "groups destroyed"
        case malformedEntry = "malformed entries written"
        case poison = "poisonous events published"
    }

    let fleet: Fleet
    let server: RedisServer
    let partitions: Int
    let visibility: Duration
    private(set) var counts: [Kind: Int] = [:]
    /// The malformed payloads, by the stream that they were written to.
    private(set) var malformed: [(stream: Events.Stream, payload: String)] = []
    /// The events that kill the workers of `relay`.
    private(set) var poison: [String] = []
    /// When Redis was away, in milliseconds since 1970.
    private(set) var outages: [Range<Int>] = []
    /// How workers ended by themselves.
    private(set) var deaths: [Int32] = []
    private var random: SeededGenerator
    private let client: RedisClient

    init(_ fleet: Fleet, _ server: RedisServer, partitions: Int, visibility: Duration, seed: UInt64) {
        self.fleet = fleet
        self.server = server
        self.partitions = partitions
        self.visibility = visibility
        random = SeededGenerator(seed: seed)
        client = RedisClient(server.url, name: "chaos")
    }

    /// One accident after the other until `end`.
    mutating func happen(until end: ContinuousClock.Instant) async throws {
        // Each kind once, then by chance.
        var due = Kind.allCases.shuffled(using: &random)
        while ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(Int.random(in: 50...900, using: &random)))
            deaths += try fleet.revive()
            guard let kind = due.popLast() ?? Self.frequencies.randomElement(using: &random) else { continue }
            do {
                if kind == .poison, try await isPoisonAbout { continue }
                try await happen(kind)
            } catch is RedisError {
                if counts[kind] == nil { due.insert(kind, at: 0) }
                continue
            }
            counts[kind, default: 0] += 1
        }
        for place in 0..<fleet.count { fleet.signal(place, SIGCONT) }
    }

    /// Redis goes down less often than other things happen, or nothing would ever get done.
    private static let frequencies: [Kind] =
        [.killRedis, .restartRedis, .freezeRedis, .poison]
        + [Kind.killWorker, .stopWorker, .cutConnections, .flushScripts, .destroyGroup, .malformedEntry].flatMap { [$0, $0, $0] }

    private mutating func happen(_ kind: Kind) async throws {
        switch kind {
        case .killWorker: try fleet.replace(place())
        case .stopWorker: stopWorker()
        case .killRedis: try await restart(after: "always") { server in server.stop() }
        case .restartRedis: try await restart(after: "everysec") { server in try await server.terminate() }
        case .freezeRedis: try await freeze()
        case .cutConnections: _ = try await client.send(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"])
        case .flushScripts: _ = try await client.send(["SCRIPT", "FLUSH"])
        case .destroyGroup: try await destroyGroup()
        case .malformedEntry: try await writeMalformedEntry()
        case .poison: try await writePoison()
        }
    }

    private mutating func place() -> Int { Int.random(in: 0..<fleet.count, using: &random) }

    /// For longer than the visibility timeout half of the time, so that it wakes up as somebody who has lost everything.
    private mutating func stopWorker() {
        let place = place()
        let duration = visibility * Double.random(in: 0.2...2, using: &random)
        fleet.signal(place, SIGSTOP)
        Task { [fleet] in
            try? await Task.sleep(for: duration)
            fleet.signal(place, SIGCONT)
        }
    }

    private mutating func restart(after fsync: String, _ stop: (RedisServer) async throws -> Void) async throws {
        _ = try await client.send(["CONFIG", "SET", "appendfsync", fsync])
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...1500, using: &random)))
        let start = Self.milliseconds
        defer { noteOutage(since: start) }
        try await stop(server)
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...1000, using: &random)))
        try await server.restart()
    }

    private mutating func freeze() async throws {
        let start = Self.milliseconds
        defer { noteOutage(since: start) }
        server.signal(SIGSTOP)
        try? await Task.sleep(for: .milliseconds(Int.random(in: 100...7000, using: &random)))
        server.signal(SIGCONT)
    }

    private mutating func noteOutage(since start: Int) { outages.append(start..<max(start, Self.milliseconds)) }

    private static var milliseconds: Int { Int(Date().timeIntervalSince1970 * 1000) }

    private mutating func destroyGroup() async throws {
        guard let stage = Course.stages.randomElement(using: &random) else { return }
        let partition = Int.random(in: 0..<partitions, using: &random)
        let lane = Int.random(in: 0..<stage.stream.lanes, using: &random)
        let keys = [
            RedisKeys.stream(partition, stage.stream.name, lane: lane),
            RedisKeys.retry(partition, stage.stream.name, group: stage.group.rawValue),
        ]
        for key in keys { _ = try await client.send(["XGROUP", "DESTROY", key, stage.group.rawValue]) }
    }

    /// Workers die of it until it is given up, each of them with everything that it had in hand.
    private mutating func writePoison() async throws {
        let number = -1 - poison.count
        let media = MediaID.generate()
        let envelope = Envelope(Numbered(mediaId: media, number: number), id: "\(number)", source: "chaos", trace: .random())
        let payload = try Output(envelope).payload
        let key = RedisKeys.stream(media.partition(of: partitions), Course.first.name)
        _ = try await client.send(["XADD", key, "*", "event", payload])
        poison.append(payload)
    }

    /// One kills at a time: of several each new worker would meet one at once, and nothing else would get done.
    private var isPoisonAbout: Bool {
        get async throws {
            var buried = 0
            for partition in 0..<partitions {
                let key = RedisKeys.dead(partition, group: Group.relay.rawValue)
                let letters = try await client.send(["XRANGE", key, "-", "+"]).array ?? []
                buried += letters.count { $0.array?.last?.array?.contains(.string("crashed-worker")) ?? false }
            }
            return buried < poison.count
        }
    }

    /// Revives what poison kills until `isOver`.
    mutating func tend(until isOver: () async throws -> Bool) async throws {
        while try await !isOver() {
            deaths += try fleet.revive()
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private mutating func writeMalformedEntry() async throws {
        guard let stream = [Course.first, Course.second].randomElement(using: &random) else { return }
        let number = malformed.count
        let payload = ["not JSON \(number)", "{\"odd\":\(number)}", "[[[[\(number)"][number % 3]
        let key = RedisKeys.stream(number % partitions, stream.name, lane: number % stream.lanes)
        let field = number % 2 == 0 ? ["event", payload] : ["strange", "field", "event", payload]
        _ = try await client.send(["XADD", key, "*"] + field)
        malformed.append((stream, payload))
    }
}
