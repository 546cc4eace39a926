import HTTPClient

extension HTTPClient {
    /// The client that talks to endpoints, at any address: `allowAddress` is where refusing internal ones belongs.
    static func forWebhooks(_ settings: Settings) -> HTTPClient {
        var options = HTTPClientOptions()
        options.userAgent = "Millrace-Webhooks/1"
        options.maxConnections = settings.webhookConcurrency
        return HTTPClient(options)
    }
}
