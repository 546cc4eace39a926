import HTTPClient
import SNS

/// What `SNSVerifier` fetches with: HTTPS alone, certificates verified, no redirects, 64 KiB.
func fetchFromAmazon() -> SNSVerifier.Fetch {
    var options = HTTPClientOptions()
    options.allowedProtocols = ["https"]
    options.maxConnections = 4
    let client = HTTPClient(options)
    return { url in
        let response = try await client.send(
            HTTPClient.Request("GET", url, timeout: .seconds(10), maxResponseBytes: 64 << 10))
        guard response.status == 200 else { throw HTTPClientError(.other, "the answer is \(response.status)") }
        return response.body
    }
}
