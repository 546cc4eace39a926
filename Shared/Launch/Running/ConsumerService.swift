import HTTPServer
import Messaging
import ServiceLifecycle

/// Runs a consumer until graceful shutdown, then returns when it has drained.
struct ConsumerService: Service {
    let consumer: Consumer
    /// Resolved when the bus has been found fit: before that nothing is read.
    let busIsFit: Once<Void>

    func run() async throws {
        await withGracefulShutdownHandler {
            await withTaskCancellationHandler {
                guard (try? await cancelWhenGracefulShutdown { try await busIsFit.value() }) != nil else { return }
                await consumer.run()
            } onCancel: {
                consumer.stop()
            }
        } onGracefulShutdown: {
            consumer.stop()
        }
    }
}
