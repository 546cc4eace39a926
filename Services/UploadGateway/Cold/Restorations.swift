import Launch
import ObjectStore

/// Brings originals back, which may take longer than anybody who asks can wait.
struct Restorations: Sendable {
    let store: any ObjectStore
    /// How long one who asks is kept waiting.
    let patience: Duration
    private let work = SharedWork<StorageState>()

    init(store: any ObjectStore, patience: Duration = .seconds(20)) {
        self.store = store
        self.patience = patience
    }

    func restore(_ key: String) async throws -> StorageState {
        do {
            return try await withTimeout(patience) { try await work.share(key) { try await store.restore(key).state } }
        } catch is TimedOut { return .restoring }
    }
}
