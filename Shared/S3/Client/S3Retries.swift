/// How what may pass is tried again: four times at most, after random waits that grow (0.1, 0.4, 1.6 s at most), so that many who
/// were told to slow down do not come back together.
///
/// Source: M. Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog), "full jitter".
struct S3Retries: Sendable {
    var attempts = 4
    var base: Duration = .milliseconds(100)

    func run<Value>(_ work: () async throws(S3Error) -> Value) async throws(S3Error) -> Value {
        var attempt = 1
        while true {
            do { return try await work() } catch {
                guard attempt < attempts, error.isTransient || (error.isAboutCredentials && attempt == 1), !Task.isCancelled
                else {
                    throw error
                }
            }
            let longest = base * (1 << (2 * (attempt - 1)))
            try? await Task.sleep(for: longest * Double.random(in: 0...1))
            attempt += 1
        }
    }
}
