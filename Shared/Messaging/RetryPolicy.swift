/// When a failed delivery is tried again: exponential back-off with full jitter on the upper half.
package struct RetryPolicy: Sendable, Hashable {
    package let maxAttempts: Int
    package let base: Duration
    package let cap: Duration
    /// An entry handed out more often than this without an outcome is poison.
    package let maxDeliveries: Int

    package init(maxAttempts: Int = 8, base: Duration = .milliseconds(500), cap: Duration = .seconds(300), maxDeliveries: Int = 5)
    {
        self.maxAttempts = maxAttempts
        self.base = base
        self.cap = cap
        self.maxDeliveries = maxDeliveries
    }

    /// For want of room on a disk or in the store: somebody has to make some first. About seven hours.
    package static let fullDisk = RetryPolicy(maxAttempts: 64, base: .seconds(10), cap: .seconds(600))

    /// The delay before the attempt after `attempt` (1 for the first): between half of `base · 2^(attempt-1)` and all of
    /// it, at most `cap`.
    package func delay(after attempt: Int) -> Duration {
        let full = min(cap, base * (1 << min(max(attempt - 1, 0), 30)))
        return full * Double.random(in: 0.5...1)
    }
}
