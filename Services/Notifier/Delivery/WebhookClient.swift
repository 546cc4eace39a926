import HTTPClient

extension HTTPClient {
    /// The client that talks to endpoints: at public addresses alone, unless the operator says otherwise. It is the address that
    /// counts, not the name: a name may lead anywhere, and elsewhere tomorrow.
    static func forWebhooks(_ settings: Settings) -> HTTPClient {
        var options = HTTPClientOptions()
        options.userAgent = "Millrace-Webhooks/1"
        options.maxConnections = settings.webhookConcurrency
        if !settings.webhookAllowPrivate { options.allowAddress = PublicAddress.contains }
        return HTTPClient(options)
    }
}
