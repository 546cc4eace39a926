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
        var values: [RedisValue] = []
        for result in try await results(of: script, calls) { values.append(try result.get()) }
        return values
    }

    /// The same where one partition may fail without the others.
    /// - Throws: when none has answered.
    func results(of script: Script, _ calls: [Call]) async throws(BusError) -> [Result<RedisValue, BusError>] {
        do throws(RedisError) {
            var replies = try await attempt(calls, ["EVALSHA", try await hash(of: script)])
            // A server that does not know the script has done nothing: it may run again, and is known from then on.
            let unknown = replies.indices.filter { replies[$0].error?.hasPrefix("NOSCRIPT") ?? false }
            let again = try await attempt(unknown.map { calls[$0] }, ["EVAL", Self.text(of: script)])
            for (index, reply) in zip(unknown, again) { replies[index] = reply }
            return replies.map { reply in reply.error.map { .failure(BusError($0)) } ?? .success(reply) }
        } catch { throw BusError(error.description) }
    }

    func run(_ script: Script, keys: [String], _ arguments: [String]) async throws(BusError) -> RedisValue {
        try await run(script, [Call(keys: keys, arguments: arguments)]).first ?? .null
    }

    private func attempt(_ calls: [Call], _ command: [String]) async throws(RedisError) -> [RedisValue] {
        try await client.pipeline(
            calls.map { call in
                let absent = RedisKeys.absent(besideKey: call.keys.first ?? "")
                return command + [String(call.keys.count + 1)] + call.keys + [absent] + call.arguments
            })
    }

    /// The key that is never there is not for the script to see.
    private static func text(of script: Script) -> String { "KEYS[#KEYS] = nil\n" + script.source }

    private func hash(of script: Script) async throws(RedisError) -> String {
        if let known = hashes.withLock({ $0[script.name] }) { return known }
        guard let hash = try await client.send(["SCRIPT", "LOAD", Self.text(of: script)]).string else {
            throw RedisError(.server, "SCRIPT LOAD answered no hash")
        }
        hashes.withLock { $0[script.name] = hash }
        return hash
    }
}
