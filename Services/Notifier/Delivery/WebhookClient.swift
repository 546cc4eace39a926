import HTTPClient

extension HTTPClient {
    /// The client that talks to endpoints; which addresses they may have is decided by its `allowAddress`.
    static func forWebhooks(_ settings: Settings) -> HTTPClient {
        var options = HTTPClientOptions()
        options.userAgent = "Millrace-Webhooks/1"
        options.maxConnections = settings.webhookConcurrency
        return HTTPClient(options)
    }
}
