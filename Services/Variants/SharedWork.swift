/// Work that many ask for at the same time and that is done once.
actor SharedWork<Result: Sendable> {
    private var running: [String: Task<Result, any Error>] = [:]

    /// The result of `work`, or of the run of the same name that is under way. It goes on when one who asked goes away: others
    /// may wait for it, and it is short.
    func result(of name: String, _ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
        if let task = running[name] { return try await task.value }
        let task = Task { try await work() }
        running[name] = task
        defer { running[name] = nil }
        return try await task.value
    }
}
