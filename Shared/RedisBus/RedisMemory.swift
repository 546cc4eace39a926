internal import Redis

/// What a Redis holds of what it may hold.
package struct RedisMemory: Sendable, Hashable {
    package let usedBytes: Int
    /// 0 where there is no limit.
    package let maxBytes: Int

    /// From 0 to 1; 0 where there is no limit.
    var share: Double { maxBytes > 0 ? Double(usedBytes) / Double(maxBytes) : 0 }
}

extension RedisBus {
    /// Of a cluster the master that is nearest to its limit: it is the first that refuses to write.
    /// - Throws: `RedisError` when it does not answer.
    package func memory() async throws -> RedisMemory {
        var fullest: RedisMemory?
        for replies in try await client.pipelineEverywhere([["INFO", "memory"]]) {
            if let error = replies[0].error { throw RedisError(reply: error) }
            let fields = Self.fields(replies[0])
            let memory = RedisMemory(
                usedBytes: fields["used_memory"].flatMap { Int($0) } ?? 0, maxBytes: fields["maxmemory"].flatMap { Int($0) } ?? 0)
            if let other = fullest, (other.share, other.usedBytes) >= (memory.share, memory.usedBytes) { continue }
            fullest = memory
        }
        return fullest ?? RedisMemory(usedBytes: 0, maxBytes: 0)
    }
}
