import ArgumentParser
import Events
import Glibc
import Logging
import Messaging
import Redis
import RedisBus

/// One worker process of one group; it runs until it is killed, or until SIGTERM.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "worker", shouldDisplay: false)

    @Option var redis: String
    @Option var group: String
    @Option var partitions: Int
    @Option var visibility: Int

    func run() async throws {
        let url = try RedisURL(redis)
        var options = RedisBusOptions()
        options.partitions = partitions
        options.visibility = .milliseconds(visibility)
        var logger = Logger(label: "worker") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        let bus = JournalingBus(bus: RedisBus(url: url, options: options, logger: logger), worker: options.consumerName)
        var settings = Consumer.Options()
        settings.concurrency = 64
        settings.visibility = options.visibility
        // No event but a poisonous one may end in the dead letters, whatever accidents befall its workers.
        settings.policy = RetryPolicy(
            maxAttempts: 1000, base: .milliseconds(20), cap: .milliseconds(500), maxDeliveries: 8)
        let consumer = Consumer(
            bus, group: Group(rawValue: group), routes: [try route(url)], options: settings, logger: logger)
        await consumer.run()
    }

    private func route(_ url: RedisURL) throws -> Route {
        switch group {
        case "relay": return Route(RelayHandler())
        case "audit": return Route(AuditHandler(redis: RedisClient(url, name: "audit"), partitions: partitions))
        case "sink": return Route(SinkHandler())
        default: throw ValidationError("no group \(group)")
        }
    }
}
