import HTTPServer

package struct TimedOut: Error, CustomStringConvertible {
    let limit: Duration
    package var description: String { "no answer within \(limit)" }
}

/// Waits for `work` at most for `limit`. Work that ignores its cancellation goes on unobserved.
package func withTimeout<Value: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let first = Once<Value>()
    let worker = Task {
        do { first.resolve(.success(try await work())) } catch { first.resolve(.failure(error)) }
    }
    let timer = Task {
        try await Task.sleep(for: limit)
        first.resolve(.failure(TimedOut(limit: limit)))
    }
    defer {
        worker.cancel()
        timer.cancel()
    }
    return try await first.value()
}
