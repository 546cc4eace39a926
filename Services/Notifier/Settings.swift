import Launch

/// What the notifier alone is told by its environment.
struct Settings: Sendable {
    /// How many webhook requests run at once.
    let webhookConcurrency: Int
    /// For one whole webhook request.
    let webhookTimeout: Duration
    /// Whether webhooks may lead to addresses that are not of the public Internet.
    let webhookAllowPrivate: Bool

    /// Reads `MILLRACE_WEBHOOK_CONCURRENCY`, `MILLRACE_WEBHOOK_TIMEOUT` and `MILLRACE_WEBHOOK_ALLOW_PRIVATE`.
    init(_ environment: Environment) throws(SettingsError) {
        webhookConcurrency = try environment.int("MILLRACE_WEBHOOK_CONCURRENCY", default: 64, in: 1...1024)
        webhookTimeout = try environment.duration(
            "MILLRACE_WEBHOOK_TIMEOUT", default: .seconds(15), in: .seconds(1) ... .seconds(30))
        webhookAllowPrivate = try environment.bool("MILLRACE_WEBHOOK_ALLOW_PRIVATE", default: false)
    }
}
