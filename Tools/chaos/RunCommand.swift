import ArgumentParser
import Events
import Logging
import Redis
import RedisBus
import TestSupport

/// Publishes, lets accidents happen meanwhile, waits until all is quiet, and judges.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Run it once, and judge.")

    @Option(help: "The same seed, the same choice of accidents (what they meet differs).")
    var seed = UInt64.random(in: 1...999_999)
    @Option(help: "How many events are published.")
    var events = 100_000
    @Option(help: "For how many seconds accidents happen.")
    var seconds = 180
    @Option(help: "Worker processes of each of the three groups.")
    var workers = 2
    @Option(help: "Slices of the bus.")
    var partitions = 2

    private static let perMedia = 50
    private static let visibility = 2000

    func run() async throws {
        print("seed \(seed): \(events) events, \(partitions) partitions, \(3 * workers) workers, \(seconds) s of accidents")
        let server = try await RedisServer.start()
        defer { server.stop() }
        let fleet = try Fleet(
            redis: "redis://127.0.0.1:\(server.url.port)", partitions: partitions, visibility: Self.visibility, perGroup: workers)
        defer { fleet.end() }
        let start = ContinuousClock.now
        let publisher = Publisher(
            bus: bus(server.url), events: events, perMedia: Self.perMedia, duration: .seconds(seconds) * 0.9)
        async let media = publisher.run()
        var accidents = Accidents(
            fleet, server, partitions: partitions, visibility: .milliseconds(Self.visibility), seed: seed)
        try await accidents.happen(until: start + .seconds(seconds))
        let published = await media
        print("accidents are over after \(Self.seconds(since: start)) s; waiting until all is done")
        let client = RedisClient(server.url, name: "verdict")
        try await quiet(client, &accidents)
        print("all is quiet after \(Self.seconds(since: start)) s")
        try await judge(client, accidents, published)
    }

    private func bus(_ url: RedisURL) -> RedisBus {
        var options = RedisBusOptions()
        options.partitions = partitions
        return RedisBus(url: url, options: options, logger: Logger(label: "publisher") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Nothing is unread, pending or delayed. What never comes to rest is a broken promise of its own, seen by the verdict.
    private func quiet(_ client: RedisClient, _ accidents: inout Accidents) async throws {
        let keys = Course.stages.flatMap { Verdict.keys($0.stream, $0.group, partitions) }
        let delayed = (0..<partitions).map { RedisKeys.delayed($0) }
        let commands = keys.map { ["XLEN", $0] } + delayed.map { ["ZCARD", $0] }
        let deadline = ContinuousClock.now + .seconds(120)
        try await accidents.tend {
            guard ContinuousClock.now < deadline else { return true }
            return try await client.pipeline(commands).allSatisfy { $0.integer == 0 }
        }
    }

    private func judge(_ client: RedisClient, _ accidents: Accidents, _ media: [MediaID]) async throws {
        var verdict = Verdict(client, partitions: partitions, outages: accidents.outages)
        try await verdict.checkJournal(events: events / Self.perMedia * Self.perMedia)
        try await verdict.checkCounts(of: media, perMedia: Self.perMedia)
        try await verdict.checkDeadLetters(accidents.malformed, poison: accidents.poison)
        try await verdict.checkMemory()
        verdict.checkDeaths(accidents.deaths)
        verdict.checkStandstills(visibility: .milliseconds(Self.visibility))
        for kind in Accidents.Kind.allCases { print("  \(accidents.counts[kind] ?? 0) × \(kind.rawValue)") }
        print("  \(accidents.deaths.count) × workers died of poison")
        for stage in Course.stages {
            let name = stage.group.rawValue
            print("  \(name): \(verdict.redelivered[name] ?? 0) redelivered, \(verdict.retried[name] ?? 0) retried")
        }
        let standstill = verdict.standstills.longest?.milliseconds ?? 0
        print("  \(standstill) ms: the longest standstill (of at most \(Verdict.patience * Self.visibility) ms)")
        print("  \(verdict.standstills.longestWait) ms: the longest wait of an entry, in a queue or with a worker that vanished")
        guard verdict.broken.isEmpty else {
            for line in verdict.broken.prefix(20) { print("BROKEN: \(line)") }
            print("\(verdict.broken.count) promises broken; seed \(seed)")
            throw ExitCode.failure
        }
        print("KEPT: nothing lost, nothing done twice, every count in order, every malformed entry in the dead letters")
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Int { Int((ContinuousClock.now - start) / .seconds(1)) }
}
