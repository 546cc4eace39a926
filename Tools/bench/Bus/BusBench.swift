import ArgumentParser
import Events
import Logging
import Messaging
import Redis
import RedisBus

/// The bus alone, on a Redis that is empty and ours: events of about 256 bytes, one Redis, one process.
struct BusBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bus", abstract: "Measures the bus: publish, drain, both at once, two hops, latency.",
        subcommands: [Publish.self, Drain.self, Both.self, TwoHops.self, Latency.self])

    struct Options: ParsableArguments {
        @Option(help: "redis://… of an empty Redis.") var redis: String
        @Option(help: "How many events.") var count = 50_000
        @Option(help: "How many publishers wait for their answers at once.") var publishers = 500
        @Option(help: "How many handlers run at once.") var concurrency = 1000
        @Option(help: "How many of this command are started side by side and share the events.") var processes = 1

        func validate() throws {
            guard processes > 0, count % processes == 0 else { throw ValidationError("the processes cannot share the events") }
        }
    }
}

extension BusBench.Options {
    func bus() throws -> RedisBus {
        RedisBus(url: try RedisURL(redis), logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Publishes this process' share.
    func publish(to bus: any Bus) async throws {
        try await publishParcels(count / processes, publishers, to: bus)
    }

    /// Publishes everything, then measures how it is consumed.
    func drain(hops: Int) async throws {
        let bus = try bus()
        let crowd = try Crowd(self)
        try await publish(to: bus)
        try await crowd.meet("start")
        let cost = try await Line(bus: bus, hops: hops, concurrency: concurrency).run(until: count, crowd)
        try cost.report(events: count)
    }
}

extension BusBench {
    /// Publishes all events.
    struct Publish: AsyncParsableCommand {
        @OptionGroup var options: BusBench.Options

        func run() async throws {
            let bus = try options.bus()
            try await Crowd(options).meet("start")
            let cost = try await Cost.of { try await options.publish(to: bus) }
            try cost.report(events: options.count)
        }
    }

    /// Consumes what was published before: decoding, a handler that does nothing, and a settlement with one output.
    struct Drain: AsyncParsableCommand {
        @OptionGroup var options: BusBench.Options

        func run() async throws { try await options.drain(hops: 1) }
    }

    /// Publishes and consumes at the same time.
    struct Both: AsyncParsableCommand {
        @OptionGroup var options: BusBench.Options

        func run() async throws {
            let bus = try options.bus()
            let crowd = try Crowd(options)
            try await crowd.meet("start")
            let line = Line(bus: bus, hops: 1, concurrency: options.concurrency)
            async let published: Void = options.publish(to: bus)
            let cost = try await line.run(until: options.count, crowd)
            try await published
            try cost.report(events: options.count)
        }
    }

    /// Consumes what was published before through two chained streams.
    struct TwoHops: AsyncParsableCommand {
        @OptionGroup var options: BusBench.Options

        func run() async throws { try await options.drain(hops: 2) }
    }
}
