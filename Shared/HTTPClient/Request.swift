extension HTTPClient {
    package struct Request: Sendable {
        package var method: String
        package var url: String
        package var headers: [(name: String, value: String)]
        package var body: Body
        /// For the whole exchange; nil: none.
        package var timeout: Duration?
        /// Ends the exchange when nothing has moved for so long, in whole seconds; nil: never.
        package var idleTimeout: Duration?
        /// A longer response body is an error, `.tooLarge`.
        package var maxResponseBytes: Int

        package init(
            _ method: String = "GET", _ url: String, headers: [(String, String)] = [], body: Body = .none,
            timeout: Duration? = .seconds(30), idleTimeout: Duration? = nil, maxResponseBytes: Int = 16 << 20
        ) {
            self.method = method
            self.url = url
            self.headers = headers.map { (name: $0.0, value: $0.1) }
            self.body = body
            self.timeout = timeout
            self.idleTimeout = idleTimeout
            self.maxResponseBytes = maxResponseBytes
        }
    }

    /// What a request carries; it is always sent with its `Content-Length`.
    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// A range of a file, read as it is sent.
        case file(path: String, offset: Int64, length: Int64)
    }
}

extension HTTPClient.Request {
    /// Refuses what could smuggle a second header or request into the connection (RFC 9110, sections 5.1, 5.5 and 9.1).
    func validate() throws(HTTPClientError) {
        guard Self.isToken(method) else { throw HTTPClientError(.invalidRequest, "the method is not a token") }
        guard !url.isEmpty, url.utf8.allSatisfy({ $0 > 32 && $0 != 127 }) else {
            throw HTTPClientError(.invalidRequest, "the URL is empty or holds spaces or control characters")
        }
        for (name, value) in headers {
            guard Self.isToken(name), value.utf8.allSatisfy({ $0 == 9 || ($0 >= 32 && $0 != 127) }) else {
                throw HTTPClientError(.invalidRequest, "a header holds characters that are not allowed")
            }
        }
    }

    private static func isToken(_ text: String) -> Bool {
        let marks = "!#$%&'*+-.^_`|~".utf8
        return !text.isEmpty
            && text.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || marks.contains($0)
            }
    }
}
