import Messaging
import Redis
import Synchronization

/// Runs scripts by their hash and teaches them to a Redis that does not know them (yet, or since a restart).
final class ScriptRunner: Sendable {
    struct Call: Sendable {
        let keys: [String]
        let arguments: RedisArguments

        init(keys: [String], arguments: RedisArguments) { (self.keys, self.arguments) = (keys, arguments) }

        init(keys: [String], arguments: [String]) {
            var written = RedisArguments()
            written += arguments
            self.init(keys: keys, arguments: written)
        }
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
    /// - Parameter wait: a command that goes before them, and may block.
    /// - Throws: when none has answered.
    func results(
        of script: Script, _ calls: [Call], behind wait: RedisCommand? = nil
    ) async throws(BusError) -> [Result<RedisValue, BusError>] {
        do throws(RedisError) {
            let words = ["EVALSHA", try await hash(of: script)]
            var replies = try await client.pipeline((wait.map { [$0] } ?? []) + calls.map { Self.command(words, $0) })
            if wait != nil, let error = replies.removeFirst().error { throw RedisError(reply: error) }
            // A server that does not know the script has done nothing: it may run again, and is known from then on.
            let unknown = replies.indices.filter { replies[$0].error?.hasPrefix("NOSCRIPT") ?? false }
            let again = try await client.pipeline(unknown.map { Self.command(["EVAL", Self.text(of: script)], calls[$0]) })
            for (index, reply) in zip(unknown, again) { replies[index] = reply }
            return replies.map { reply in reply.error.map { .failure(BusError($0)) } ?? .success(reply) }
        } catch { throw BusError(error.description) }
    }

    func run(_ script: Script, keys: [String], _ arguments: [String]) async throws(BusError) -> RedisValue {
        try await run(script, [Call(keys: keys, arguments: arguments)]).first ?? .null
    }

    private static func command(_ words: [String], _ call: Call) -> RedisCommand {
        let absent = RedisKeys.absent(besideKey: call.keys.first ?? "")
        return RedisCommand(words + [String(call.keys.count + 1)] + call.keys + [absent], call.arguments)
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
