import Messaging
import Redis
import Synchronization

/// Runs scripts by their hash and teaches them to a Redis that does not know them (yet, or since a restart).
final class ScriptRunner: Sendable {
    struct Call: Sendable {
        let keys: [String]
        let arguments: [String]
    }

    let client: RedisClient
    /// The hash of each script, as Redis told it.
    private let hashes = Mutex<[String: String]>([:])

    init(_ client: RedisClient) { self.client = client }

    /// Runs the script once for each call, all sent together.
    func run(_ script: Script, _ calls: [Call]) async throws(BusError) -> [RedisValue] {
        do throws(RedisError) {
            let replies = try await attempt(script, calls)
            // A script that Redis does not know has done nothing: it may run again.
            let unknown = replies.indices.filter { replies[$0].error?.hasPrefix("NOSCRIPT") ?? false }
            guard !unknown.isEmpty else { return try replies.map(Self.checked) }
            forget(script)
            var merged = replies
            let again = try await attempt(script, unknown.map { calls[$0] })
            for (index, reply) in zip(unknown, again) { merged[index] = reply }
            return try merged.map(Self.checked)
        } catch { throw BusError(error.description) }
    }

    func run(_ script: Script, keys: [String], _ arguments: [String]) async throws(BusError) -> RedisValue {
        try await run(script, [Call(keys: keys, arguments: arguments)]).first ?? .null
    }

    private func attempt(_ script: Script, _ calls: [Call]) async throws(RedisError) -> [RedisValue] {
        let hash = try await hash(of: script)
        return try await client.pipeline(
            calls.map { ["EVALSHA", hash, String($0.keys.count)] + $0.keys + $0.arguments })
    }

    private func hash(of script: Script) async throws(RedisError) -> String {
        if let known = hashes.withLock({ $0[script.name] }) { return known }
        guard let hash = try await client.send(["SCRIPT", "LOAD", script.source]).string else {
            throw RedisError(.server, "SCRIPT LOAD answered no hash")
        }
        hashes.withLock { $0[script.name] = hash }
        return hash
    }

    private func forget(_ script: Script) { hashes.withLock { $0[script.name] = nil } }

    private static func checked(_ reply: RedisValue) throws(RedisError) -> RedisValue {
        if let error = reply.error { throw RedisError(.server, error) }
        return reply
    }
}
