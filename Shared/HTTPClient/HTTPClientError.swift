/// Why an exchange failed before there was a whole response. A status of 400 or more is a response, not an error.
package struct HTTPClientError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        /// The request cannot be sent as it is: a malformed URL, a header with a line break, an unreadable file, …
        case invalidRequest
        /// `HTTPClientOptions.allowAddress` said no to every address of the host, or to the one in use: not to be mended by trying again.
        case addressRefused
        /// The name was not found, nothing listens there, or TLS failed.
        case connect
        case timeout
        /// The response is larger than the request allows.
        case tooLarge
        /// The task was cancelled or the client closed.
        case cancelled
        /// The connection broke in the middle, or the peer does not speak HTTP.
        case other
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
