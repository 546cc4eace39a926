import Launch
import ObjectStore

/// Brings originals back. A store may have to copy for minutes: that is done once for all who ask meanwhile, and goes on when they have
/// their answer.
actor Restorations {
    private let store: any ObjectStore
    /// How long one who asks is kept waiting.
    private let patience: Duration
    private var running: [String: Task<StorageState, any Error>] = [:]

    init(store: any ObjectStore, patience: Duration = .seconds(20)) {
        self.store = store
        self.patience = patience
    }

    func restore(_ key: String) async throws -> StorageState {
        let task = running[key] ?? start(key)
        do { return try await withTimeout(patience) { try await task.value } } catch is TimedOut { return .restoring }
    }

    private func start(_ key: String) -> Task<StorageState, any Error> {
        let task = Task {
            defer { running[key] = nil }
            return try await store.restore(key).state
        }
        running[key] = task
        return task
    }
}
