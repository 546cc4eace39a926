/// One connection, many callers: what is sent while earlier commands are on their way goes out together, pipelined.
///
/// It connects when first used and again after a failure. A command that may have been applied is never repeated: its
/// caller gets `.unavailable` or `.timeout` and decides.
///
/// `XREAD` and `XREADGROUP` with `BLOCK` need a client of their own, whose `commandTimeout` exceeds the block; cancelling
/// the task interrupts them, and only them.
package final class RedisClient: Sendable {
    package let url: RedisURL
    private let queue = RequestQueue()
    private let connection: RedisConnection

    /// - Parameters:
    ///   - name: what `CLIENT LIST` shows.
    ///   - commandTimeout: for connecting, and for each wait for an answer.
    package init(_ url: RedisURL, name: String, commandTimeout: Duration = .seconds(5)) {
        self.url = url
        connection = RedisConnection(url, name: name, timeout: commandTimeout, queue: queue)
    }

    /// Sends one command. An error reply is thrown as `.server`.
    package func send(_ command: [String]) async throws(RedisError) -> RedisValue {
        guard let reply = try await pipeline([command]).first else { throw RedisError(.unavailable, "no reply") }
        if let error = reply.error { throw RedisError(.server, error) }
        return reply
    }

    /// Sends commands together, in order but not as a transaction, and returns a reply for each; error replies are values.
    package func pipeline(_ commands: [[String]]) async throws(RedisError) -> [RedisValue] {
        guard !commands.isEmpty else { return [] }
        guard commands.allSatisfy({ !$0.isEmpty }) else { throw RedisError(.invalid, "an empty command") }
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

    private func request(_ id: Int, _ commands: [[String]]) async -> Result<[RedisValue], RedisError> {
        await withCheckedContinuation { continuation in
            let mustServe = queue.add(.init(id: id, commands: commands, continuation: continuation))
            if mustServe { Task { await connection.serve() } }
        }
    }

    private static func isBlocking(_ command: [String]) -> Bool {
        (command[0] == "XREADGROUP" || command[0] == "XREAD") && command.contains("BLOCK")
    }
}
