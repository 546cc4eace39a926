import AWS
import HTTPClient

/// One request of S3's, not signed yet.
struct S3Request: Sendable {
    var method: String
    /// Nil for the bucket itself.
    var key: String?
    /// About the whole service, not a bucket.
    var isOfService = false
    /// A name alone, as in `?uploads`, has an empty value.
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// For the whole exchange; nil where the amount of bytes decides.
    var timeout: Duration? = .seconds(30)
    /// Ends the exchange when nothing has moved for so long; nil where the store works in silence.
    var idleTimeout: Duration? = .seconds(20)
    /// Statuses that are no error.
    var expected: [Int] = [200]

    init(_ method: String, key: String? = nil, query: [(name: String, value: String)] = []) {
        self.method = method
        self.key = key
        self.query = query
    }
}

extension S3Location {
    func target(of request: S3Request) -> (path: String, host: String) {
        request.isOfService ? ("/", endpoint.host) : target(of: request.key, at: endpoint)
    }

    /// The encoded path, and the host that goes with it.
    func target(of key: String?, at endpoint: S3Endpoint) -> (path: String, host: String) {
        let path = key.map { percentEncode($0, keepingSlashes: true) } ?? ""
        switch style {
        case .path: return (key == nil ? "/\(bucket)" : "/\(bucket)/\(path)", endpoint.host)
        case .virtual: return ("/\(path)", "\(bucket).\(endpoint.host)")
        }
    }
}
