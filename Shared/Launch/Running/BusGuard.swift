import HTTPServer
import Logging
import Messaging
import Redis
import RedisBus
import ServiceLifecycle

/// Waits for a fit Redis, then lets the consumers start; closes the bus when everything else has stopped.
struct BusGuard: Service {
    let bus: RedisBus
    let busIsFit: Once<Void>
    let logger: Logger

    /// - Throws: what no waiting can mend, for example a Redis that evicts keys.
    func run() async throws {
        do { try await cancelWhenGracefulShutdown { try await waitUntilFit() } } catch is CancellationError {}
        try? await gracefulShutdown()
        await bus.close()
    }

    /// Whether waiting may help: Redis is away, still loading, or lets us in later.
    private static func mayPass(_ error: any Error) -> Bool { error is RedisError || error is BusError }

    private func waitUntilFit() async throws {
        var backOff = BackOff()
        while true {
            do {
                try await bus.checkServer()
                return busIsFit.resolve(.success(()))
            } catch let error where Self.mayPass(error) {
                await backOff.wait(logger, "Redis is not ready", error)
                try Task.checkCancellation()
            }
        }
    }
}
