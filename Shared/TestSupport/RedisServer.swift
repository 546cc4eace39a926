package import Redis
import Synchronization

/// A private `redis-server` on a free loopback port: append-only file on, `noeviction`, its data in a temporary directory.
/// It ends with `stop()`, with its last reference, or with this process.
package final class RedisServer: Sendable {
    package let url: RedisURL
    private let port: Int
    private let directory = TemporaryDirectory()
    private let process = Mutex<ChildProcess?>(nil)
    private let client: RedisClient

    private init() throws {
        port = try freePort()
        url = try RedisURL("redis://127.0.0.1:\(port)")
        client = RedisClient(url, name: "test-server", commandTimeout: .seconds(10))
    }

    deinit {
        stop()
        directory.remove()
    }

    /// Starts a server and waits until it answers.
    package static func start() async throws -> RedisServer {
        let server = try RedisServer()
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
        let options = [
            "bind": "127.0.0.1", "port": String(port), "dir": directory.path, "appendonly": "yes", "save": "",
            "maxmemory-policy": "noeviction", "logfile": "redis.log", "enable-debug-command": "yes",
        ]
        let command = ["redis-server"] + options.flatMap { ["--" + $0.key, $0.value] }
        try process.withLock { $0 = try ChildProcess(command) }
        try await eventually("redis-server answers on port \(port) (is it installed?)") {
            (try? await client.send(["PING"])) == .status("PONG")
        }
    }

    package func flushAll() async throws { _ = try await client.send(["FLUSHALL"]) }
}
