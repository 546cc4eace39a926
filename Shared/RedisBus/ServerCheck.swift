internal import Redis

/// A Redis that no waiting makes fit for the bus.
package struct UnfitRedis: Error, Sendable, CustomStringConvertible {
    package let description: String
}

extension RedisBus {
    /// Whether Redis answers and is fit: version 7.0 or later (every Valkey is), and no eviction, unless it is allowed.
    /// - Throws: `RedisError` when it does not answer; `UnfitRedis` when it is the wrong one.
    package func checkServer() async throws {
        _ = try await client.send(["PING"])
        let server = Self.fields(try await client.send(["INFO", "server"]))
        let memory = Self.fields(try await client.send(["INFO", "memory"]))
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

    private static func fields(_ reply: RedisValue) -> [String: String] {
        let lines = (reply.string ?? "").split(whereSeparator: \.isNewline)
        let pairs = lines.compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (String(line[..<colon]), String(line[line.index(after: colon)...]))
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}
