import ServiceLifecycle

/// The first to hear of a shutdown: turns `/readyz` to 503 before anything else stops.
struct StopSign: Service {
    let readiness: Readiness

    func run() async throws {
        try? await gracefulShutdown()
        readiness.stop()
    }
}
