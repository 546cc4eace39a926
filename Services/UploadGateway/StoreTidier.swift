import ObjectStore
import ServiceLifecycle

/// Removes from the store what crashed writers and forgotten uploads left behind: at the start and then every hour.
struct StoreTidier: Service {
    let store: any ObjectStore
    var interval: Duration = .seconds(3600)

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                await store.tidy()
                try await Task.sleep(for: interval)
            }
        }
    }
}
