/// What a store takes long for (it may copy for minutes): done once for all who ask for it meanwhile, and gone on with when they do not
/// wait any longer.
package actor SharedWork<Value: Sendable> {
    private var running: [String: Task<Value, any Error>] = [:]

    package init() {}

    /// - Parameter key: names the work; what is under way under it is waited for.
    package func share(_ key: String, _ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await (running[key] ?? start(key, work)).value
    }

    private func start(_ key: String, _ work: @escaping @Sendable () async throws -> Value) -> Task<Value, any Error> {
        let task = Task {
            defer { running[key] = nil }
            return try await work()
        }
        running[key] = task
        return task
    }
}
