import Events
import Logging
import Metrics
import RedisBus

/// The gauges of the bus: of every stream and group of the contract, so that a lag is seen also when its reader is down; and
/// of Redis's memory, since a full one takes nothing any more.
actor BusFigures {
    private let bus: RedisBus
    private let logger: Logger
    private var refreshedAt: ContinuousClock.Instant?

    init(bus: RedisBus, logger: Logger) {
        self.bus = bus
        self.logger = logger
    }

    /// Asks the bus, at most once in three seconds and never for longer than one.
    func refresh() async {
        if let refreshedAt, ContinuousClock.now - refreshedAt < .seconds(3) { return }
        refreshedAt = .now
        let bus = bus
        do {
            let (figures, memory) = try await withTimeout(.seconds(1)) {
                async let memory = bus.memory()
                let figures = try await bus.statistics(of: Stream.all)
                return (figures, try await memory)
            }
            for figure in figures { record(figure) }
            Gauge(label: "millrace_redis_memory_used_bytes").record(memory.usedBytes)
            Gauge(label: "millrace_redis_memory_max_bytes").record(memory.maxBytes)
            Gauge(label: "millrace_bus_up").record(1)
        } catch {
            Gauge(label: "millrace_bus_up").record(0)
            logger.debug("no figures of the bus", metadata: ["error": "\(error)"])
        }
    }

    private func record(_ figure: StreamStatistics) {
        let place = [("stream", figure.stream.name), ("group", figure.group.rawValue)]
        Gauge(label: "millrace_bus_lag", dimensions: place).record(figure.lag)
        Gauge(label: "millrace_bus_pending", dimensions: place).record(figure.pending)
        Gauge(label: "millrace_bus_oldest_pending_seconds", dimensions: place).record(figure.oldestPendingSeconds)
        Gauge(label: "millrace_bus_dead_letters", dimensions: [("group", figure.group.rawValue)]).record(figure.deadLetters)
    }
}
