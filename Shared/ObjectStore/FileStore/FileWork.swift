import NIOPosix

/// Where blocking file calls run: four threads for the whole process, so that no disk stalls Swift's own.
enum FileWork {
    private static let pool = {
        let pool = NIOThreadPool(numberOfThreads: 4)
        pool.start()
        return pool
    }()

    static func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError>
        do {
            result = try await pool.runIfActive { Result(catching: work) }
        } catch {
            throw StoreError(.unavailable, "not done: \(error)")
        }
        return try result.get()
    }
}
