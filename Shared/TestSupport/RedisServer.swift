package import Redis
import Synchronization

/// A private `redis-server` on a free loopback port: `noeviction`, append-only file on, its data in a temporary directory.
/// It ends with `stop()`, with its last reference, or with this process.
package final class RedisServer: Sendable {
    package let url: RedisURL
    private let port: Int
    private let directory: TemporaryDirectory?
    private let process = Mutex<ChildProcess?>(nil)
    private let client: RedisClient

    private init(isDurable: Bool) throws {
        port = try freePort()
        url = try RedisURL("redis://127.0.0.1:\(port)")
        directory = isDurable ? TemporaryDirectory() : nil
        client = RedisClient(url, name: "test-server", commandTimeout: .seconds(10))
    }

    deinit { directory?.remove() }

    /// Starts a server and waits until it answers.
    package static func start() async throws -> RedisServer { try await start(isDurable: true) }

    /// An empty database on a server that the tests of this process share: quicker than a server of its own, for tests that
    /// neither stop it nor use `FLUSHALL`.
    package static func database() async throws -> RedisURL {
        let number = databases.withLock { count in
            count += 1
            return count
        }
        guard number < databaseCount else { throw ProcessError(description: "more than \(databaseCount) databases") }
        return try RedisURL("redis://127.0.0.1:\(try await shared.value.port)/\(number)")
    }

    private static let databaseCount = 10_000
    private static let databases = Mutex(0)
    private static let shared = Task { try await start(isDurable: false) }

    private static func start(isDurable: Bool) async throws -> RedisServer {
        let server = try RedisServer(isDurable: isDurable)
        try await server.restart()
        return server
    }

    /// Kills the server (SIGKILL). What it has acknowledged is in the append-only file.
    package func stop() {
        process.withLock { process in
            process?.kill()
            process = nil
        }
    }

    /// Kills the server if it runs and starts it again on the same port and data.
    package func restart() async throws {
        stop()
        var options = [
            "bind": "127.0.0.1", "port": String(port), "save": "", "maxmemory-policy": "noeviction",
            "enable-debug-command": "yes", "databases": String(Self.databaseCount),
        ]
        if let directory {
            options["dir"] = directory.path
            options["appendonly"] = "yes"
        }
        let command = ["redis-server"] + options.flatMap { ["--" + $0.key, $0.value] }
        try process.withLock { $0 = try ChildProcess(command) }
        try await eventually("redis-server answers on port \(port) (is it installed?)") {
            (try? await client.send(["PING"])) == .status("PONG")
        }
    }

    package func flushAll() async throws { _ = try await client.send(["FLUSHALL"]) }
}
