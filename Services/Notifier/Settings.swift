import Launch

/// What the notifier alone is told by its environment.
struct Settings: Sendable {
    /// How many webhook requests run at once.
    let webhookConcurrency: Int
    /// For one whole webhook request.
    let webhookTimeout: Duration

    /// Reads `MILLRACE_WEBHOOK_CONCURRENCY` and `MILLRACE_WEBHOOK_TIMEOUT`.
    init(_ environment: Environment) throws(SettingsError) {
        webhookConcurrency = try environment.int("MILLRACE_WEBHOOK_CONCURRENCY", default: 64, in: 1...1024)
        webhookTimeout = try environment.duration(
            "MILLRACE_WEBHOOK_TIMEOUT", default: .seconds(15), in: .seconds(1) ... .seconds(30))
    }
}
