import AWS
import Arrivals
import Catalog
import Events
import FoundationEssentials
import Hummingbird
import Launch
import Logging
import Recovery
import SNS
import ServiceLifecycle

/// All ways by which this service hears of objects: the route, added here, and what runs.
func storeEventServices(_ boot: Boot, _ catalog: Catalog, _ settings: Settings) throws -> [any Service] {
    let events = settings.events
    let arrivals = Arrivals(
        catalog: catalog, bus: boot.bus, store: boot.store, source: Group.ingestListener.rawValue,
        stepDeadline: settings.recoveryRules.stepDeadline, prefixes: events.prefixes)
    let intake = EventIntake(arrivals: arrivals, scope: StoreScope(boot.store), logger: boot.logger)
    if events.isOpen {
        let sns = events.topics.isEmpty ? nil : SNSVerifier(topics: events.topics, fetch: fetchFromAmazon())
        let route = EventsRoute(access: EventsAccess(token: events.token), sns: sns, intake: intake)
        boot.httpRouter.post("/events/s3", use: route.handle)
    }
    let watch = events.interval.map { interval in
        PrefixWatch(
            arrivals: arrivals, prefixes: events.prefixes, store: boot.store,
            pass: SharedPass(bus: boot.bus, redis: boot.redis(), partitions: boot.settings.partitions, key: "ingest"),
            interval: interval, minimumAge: settings.recoveryRules.minimumAge, logger: boot.logger)
    }
    let poller = try events.queue.map { try sqsPoller($0.address, region: $0.region, intake, boot.logger) }
    return ([watch, poller] as [(any Service)?]).compactMap(\.self)
}

private func sqsPoller(
    _ address: SQSAddress, region: String, _ intake: EventIntake, _ logger: Logger
) throws -> any Service {
    let access = try AWSAccess(ProcessInfo.processInfo.environment)
    let queue = SQSQueue(address: address, region: region, access: access)
    return SQSPoller(queue: queue, intake: intake, logger: logger)
}
