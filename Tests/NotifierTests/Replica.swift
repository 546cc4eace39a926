import Access
import Events
import HTTPClient
import HTTPServer
import Launch
import Logging
import Messaging
import ObjectStore
import Redis
import RedisBus
import ServiceLifecycle
import TestSupport

@testable import Notifier

/// One notifier in this process, wired as `main.swift` does it. Several may share a Redis and a store.
struct Replica: Sendable {
    struct Options: Sendable {
        var partitions = 1
        var heartbeat: Duration = .seconds(15)
        var schedule = DeliverySchedule(delays: Array(repeating: .milliseconds(20), count: 9))
        var webhookTimeout: Duration = .seconds(15)
        /// Receivers of tests listen on loopback.
        var environment = ["MILLRACE_WEBHOOK_ALLOW_PRIVATE": "true"]
    }

    let feed: Feed
    let bus: RedisBus
    let url: String
    private let group: ServiceGroup
    private let running: Task<Void, any Error>

    init(_ stage: Stage, _ options: Options = Options()) async throws {
        let logger = Logger(label: "notifier", factory: { _ in SwiftLogNoOpLogHandler() })
        var busOptions = RedisBusOptions()
        busOptions.partitions = options.partitions
        bus = RedisBus(url: stage.redis.url, options: busOptions, logger: logger)
        let redis = stage.redis.url
        feed = Feed(
            partitions: options.partitions, publicURL: "https://cdn.test", heartbeat: options.heartbeat, logger: logger
        ) { RedisClient(redis, name: $0) }
        let (router, webhooks) = (makeRouter(), WebhookStore(stage.store, cacheFor: .milliseconds(50)))
        FeedRoutes(feed).add(to: router, stage.keys)
        WebhookRoutes(webhooks: webhooks).add(to: router, stage.keys)
        let deliver = Deliver(
            webhooks: webhooks, client: .forWebhooks(try Settings(Environment(options.environment))),
            publicURL: "https://cdn.test", schedule: options.schedule,
            timeout: options.webhookTimeout, logger: logger)
        let server = HTTPService(router: router, host: "127.0.0.1", port: 0, logger: logger)
        let consumers = [
            Consuming(Consumer(bus, group: .notifier, routes: [Route(FanOut(webhooks: webhooks))], logger: logger)),
            Consuming(
                Consumer(bus, group: .notifier, routes: [Route(deliver)], options: .webhooks(options.schedule), logger: logger)),
        ]
        group = ServiceGroup(services: [server, feed] + consumers, logger: logger)
        running = Task { [group] in try await group.run() }
        url = "http://127.0.0.1:\(try await server.boundPort())"
        try await eventually("the feed is followed") { [feed] in feed.hub.glance.tail != nil }
    }

    func stop() async throws {
        await group.triggerGracefulShutdown()
        try await running.value
        await bus.close()
    }
}

extension Consumer.Options {
    fileprivate static func webhooks(_ schedule: DeliverySchedule) -> Consumer.Options {
        var options = Consumer.Options()
        options.concurrency = 64
        options.policy = RetryPolicy(maxAttempts: schedule.maxAttempts)
        return options
    }
}

private struct Consuming: Service {
    let consumer: Consumer
    init(_ consumer: Consumer) { self.consumer = consumer }

    func run() async {
        await withGracefulShutdownHandler {
            await consumer.run()
        } onGracefulShutdown: {
            consumer.stop()
        }
    }
}
