internal import Redis

/// A Redis that no waiting makes fit for the bus.
package struct UnfitRedis: Error, Sendable, CustomStringConvertible {
    package let description: String
}

extension RedisBus {
    /// Whether Redis answers and is fit: version 7.0 or later (every Valkey is), and no eviction, unless it is allowed. Of a
    /// cluster every master must be.
    /// - Throws: `RedisError` when it does not answer; `UnfitRedis` when it is the wrong one.
    package func checkServer() async throws {
        for replies in try await client.pipelineEverywhere([["INFO", "server"], ["INFO", "memory"]]) {
            for reply in replies { if let error = reply.error { throw RedisError(reply: error) } }
            try check(server: Self.fields(replies[0]), memory: Self.fields(replies[1]))
        }
    }

    private func check(server: [String: String], memory: [String: String]) throws(UnfitRedis) {
        let version = server["redis_version"] ?? "unknown"
        guard let major = version.split(separator: ".").first.flatMap({ Int($0) }), major >= 7 else {
            throw UnfitRedis(description: "Redis 7.0 or later is needed; this one is \(version)")
        }
        let policy = memory["maxmemory_policy"] ?? "noeviction"
        guard policy == "noeviction" || options.allowEviction else {
            throw UnfitRedis(
                description: "Redis may evict keys (maxmemory-policy \(policy)) and so lose events; set it to noeviction")
        }
    }

    static func fields(_ reply: RedisValue) -> [String: String] {
        let lines = (reply.string ?? "").split(whereSeparator: \.isNewline)
        let pairs = lines.compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (String(line[..<colon]), String(line[line.index(after: colon)...]))
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}
