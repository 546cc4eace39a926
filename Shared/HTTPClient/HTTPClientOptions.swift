/// What holds for every request of a client. Proxies of the environment are ignored and redirects never followed.
package struct HTTPClientOptions: Sendable {
    package var userAgent = "Millrace/1"
    package var connectTimeout: Duration = .seconds(10)
    /// Connections open at once; further requests wait for one. 0: no limit.
    package var maxConnections = 256
    /// PEM with the authorities to trust in place of the system's.
    package var authorityFile: String?
    package var allowedProtocols = ["http", "https"]
    /// Whether the client may talk to this IP address (text without port). It is asked before a socket is opened and again
    /// before each request on a connection that is used once more. It runs on the client's thread and must be quick.
    package var allowAddress: @Sendable (_ ip: String) -> Bool = { _ in true }

    package init() {}
}
