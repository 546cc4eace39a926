import HTTPServer
import Logging
import Messaging
import Metrics
import ObjectStore
import Redis
import RedisBus
import ServiceLifecycle
import UnixSignals

func bootstrapMetrics() -> MetricsRegistry {
    let registry = MetricsRegistry()
    MetricsSystem.bootstrap(registry)
    return registry
}

/// Everything of one process, put together and run.
struct Assembly {
    private let boot: Boot
    private let busIsFit = Once<Void>()

    init(_ settings: CommonSettings, _ environment: Environment, metrics: MetricsRegistry) throws {
        let logger = Logger(label: settings.service)
        let bus = RedisBus(url: settings.redisURL, options: RedisBusOptions(settings), logger: logger)
        let store = try openStore(settings)
        let readiness = Readiness()
        readiness.require("redis") { try await bus.checkServer() }
        readiness.require("store") { try await store.check() }
        let router = makeRouter(translating: unavailableProblem)
        let busFigures = BusFigures(bus: bus, logger: logger)
        HealthRoutes(readiness: readiness) {
            await busFigures.refresh()
            return metrics.prometheusText() + processMetricsText()
        }.add(to: router)
        boot = Boot(
            settings: settings, environment: environment, logger: logger, bus: bus, store: store, httpRouter: router,
            readiness: readiness, redisClient: RedisClient(settings.redisURL, name: settings.service), busIsFit: busIsFit)
    }

    /// Returns after a graceful shutdown; throws what kept the service from starting or made it fail.
    func run(_ body: @Sendable (Boot) async throws -> [any Service]) async throws {
        boot.logger.debug("starting", metadata: ["version": "\(millraceVersion)"])
        try await serviceGroup(body, stoppedBy: [.sigterm, .sigint]).run()
        await boot.redisClient.close()
        boot.logger.info("stopped")
    }

    func serviceGroup(
        _ body: @Sendable (Boot) async throws -> [any Service], stoppedBy signals: [UnixSignal]
    ) async throws -> ServiceGroup {
        let work = try await body(boot)
        let settings = boot.settings
        let server = HTTPService(router: boot.httpRouter, host: settings.host, port: settings.port, logger: boot.logger)
        // Shut down from the last to the first, each when the one behind it has ended.
        var services: [any Service] = [
            BusGuard(bus: boot.bus, busIsFit: busIsFit, logger: boot.logger), server, Together(services: work),
            IdleCode(busIsFit: busIsFit), StopSign(readiness: boot.readiness),
        ]
        if let traces = settings.traces {
            services.insert(SpanExporter(traces, service: settings.service, logger: boot.logger), at: 0)
        }
        // The group's own lines would double the one that says why we exit.
        var quiet = boot.logger
        quiet.logLevel = .critical
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                .init(service: $0, successTerminationBehavior: .ignore, failureTerminationBehavior: .cancelGroup)
            },
            gracefulShutdownSignals: signals, logger: quiet)
        configuration.maximumGracefulShutdownDuration = settings.grace + .seconds(5)
        return ServiceGroup(configuration: configuration)
    }
}

extension RedisBusOptions {
    init(_ settings: CommonSettings) {
        self.init()
        partitions = settings.partitions
        visibility = settings.visibility
        allowEviction = settings.allowEviction
    }
}

private func openStore(_ settings: CommonSettings) throws(SettingsError) -> any ObjectStore {
    do {
        return try openStore(
            settings.store, signingKey: settings.signingKey.bytes, publicURL: settings.publicURL, cold: settings.cold)
    } catch {
        throw SettingsError("MILLRACE_STORE", error.description)
    }
}
