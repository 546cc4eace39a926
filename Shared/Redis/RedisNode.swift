/// One connection to one server, whatever cluster it may be of, and many callers: what is sent while earlier commands are on
/// their way goes out together, pipelined. It connects when first used and again after a failure.
package final class RedisNode: Sendable {
    private let queue = RequestQueue()
    private let connection: RedisConnection

    var executor: any TaskExecutor { connection.executor }

    package init(_ url: RedisURL, name: String, timeout: Duration) {
        connection = RedisConnection(url, name: name, timeout: timeout, queue: queue)
    }

    /// Sends one command. An error reply is thrown, see `RedisError.init(reply:)`.
    package func send(_ command: [String]) async throws(RedisError) -> RedisValue {
        guard let reply = try await pipeline([RedisCommand(command)]).first else { throw RedisError(.unavailable, "no reply") }
        if let error = reply.error { throw RedisError(reply: error) }
        return reply
    }

    /// Sends commands together, in order, and returns a reply for each; error replies are values.
    package func pipeline(_ commands: [RedisCommand]) async throws(RedisError) -> [RedisValue] {
        let id = queue.newID()
        guard commands.contains(where: Self.isBlocking) else { return try await request(id, commands).get() }
        defer { queue.forget(id) }
        return try await withTaskCancellationHandler {
            await request(id, commands)
        } onCancel: {
            queue.cancel(id)
        }.get()
    }

    /// Closes the connection once what was sent before has been answered. A later command opens it again.
    package func close() async { await connection.close() }

    private func request(_ id: Int, _ commands: [RedisCommand]) async -> Result<[RedisValue], RedisError> {
        let bytes = commands.bytes
        return await withCheckedContinuation { continuation in
            let mustServe = queue.add(.init(id: id, commands: commands.count, bytes: bytes, continuation: continuation))
            if mustServe { connection.start() }
        }
    }

    private static func isBlocking(_ command: RedisCommand) -> Bool {
        let words = command.words
        return (words[0] == "XREADGROUP" || words[0] == "XREAD") && words.contains("BLOCK")
    }
}
