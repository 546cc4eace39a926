/// `redis://[[user]:password@]host[:port][,host[:port]…][/database]`, user and password percent-encoded, IPv6 hosts in
/// brackets; `rediss` for TLS; several hosts for nodes of one Redis Cluster.
///
/// Source: the provisional IANA registrations of the `redis` and `rediss` URI schemes.
package struct RedisURL: Sendable, Hashable {
    /// At least one.
    package private(set) var addresses: [RedisAddress]
    package let user: String?
    package let password: String?
    package let database: Int
    /// There when the scheme is `rediss`: then nothing is ever sent in the clear.
    package var tls: RedisTLS?

    /// - Throws: `.invalid`, with a text that shows nothing of the password.
    package init(_ text: String) throws(RedisError) {
        guard let scheme = text.firstRange(of: "://"), ["redis", "rediss"].contains(text[..<scheme.lowerBound]) else {
            throw Self.invalid("must start with redis:// or rediss://")
        }
        tls = text[..<scheme.lowerBound] == "rediss" ? RedisTLS() : nil
        let rest = text[scheme.upperBound...]
        let path = rest.firstIndex(of: "/").map { rest[rest.index(after: $0)...] } ?? ""
        let authority = rest.prefix { $0 != "/" }
        let at = authority.lastIndex(of: "@")
        (user, password) = try Self.credentials(at.map { authority[..<$0] })
        let hosts = at.map { authority[authority.index(after: $0)...] } ?? authority
        addresses = []
        for text in hosts.split(separator: ",", omittingEmptySubsequences: false) { addresses.append(try Self.address(text)) }
        guard let database = path.isEmpty ? 0 : Int(path), database >= 0 else {
            throw Self.invalid("the path must be a database number")
        }
        self.database = database
    }

    package var host: String { addresses[0].host }
    package var port: Int { addresses[0].port }

    /// The same with one host.
    func at(_ address: RedisAddress) -> RedisURL {
        var copy = self
        copy.addresses = [address]
        return copy
    }

    private static func credentials(_ text: Substring?) throws(RedisError) -> (String?, String?) {
        guard let text else { return (nil, nil) }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(percentDecoded)
        guard parts.count == 2, let user = parts[0], let password = parts[1], !password.isEmpty else {
            throw invalid("credentials must be user:password or :password, percent-encoded")
        }
        return (user.isEmpty ? nil : user, password)
    }

    private static func address(_ text: Substring) throws(RedisError) -> RedisAddress {
        let isBracketed = text.first == "["
        guard let end = isBracketed ? text.firstIndex(of: "]") : text.firstIndex(of: ":") ?? text.endIndex else {
            throw invalid("an IPv6 host needs its closing bracket")
        }
        let host = isBracketed ? text[text.index(after: text.startIndex)..<end] : text[..<end]
        let tail = isBracketed ? text[text.index(after: end)...] : text[end...]
        let port = tail.isEmpty ? 6379 : Int(tail.dropFirst())
        guard !host.isEmpty, tail.isEmpty || tail.first == ":", let port, (1...65535).contains(port) else {
            throw invalid("must name a host, and a port from 1 to 65535 if any")
        }
        return RedisAddress(host: String(host), port: port)
    }

    private static func percentDecoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func invalid(_ why: String) -> RedisError { RedisError(.invalid, "Redis URL: \(why)") }
}

extension RedisURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The URL without its credentials.
    package var description: String {
        let hosts = addresses.map(\.description).joined(separator: ",")
        return "\(tls == nil ? "redis" : "rediss")://\(hosts)/\(database)"
    }

    package var debugDescription: String { description }
    /// Keeps `dump` from showing the password.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
