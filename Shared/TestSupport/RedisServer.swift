import Glibc
package import Redis
import Synchronization

/// A private `redis-server` on a free loopback port: `noeviction`, append-only file on, its data in a temporary directory.
/// It ends with `stop()`, with its last reference, or with this process.
package final class RedisServer: Sendable {
    /// How to reach it with every right.
    package let url: RedisURL
    package var port: Int { url.port }
    /// Where nodes of a cluster talk to it.
    let busPort: Int
    private let options: [String: String]
    private let directory: TemporaryDirectory?
    private let process = Mutex<ChildProcess?>(nil)
    private let node: RedisNode

    /// - Parameters:
    ///   - directory: where it keeps its data; without one it keeps none.
    ///   - options: beyond those that every server gets.
    init(_ url: RedisURL, _ directory: TemporaryDirectory?, options: [String: String], busPort: Int = 0) {
        self.url = url
        self.busPort = busPort
        self.directory = directory
        self.options = options
        node = RedisNode(url, name: "test-server", timeout: .seconds(10))
    }

    deinit { directory?.remove() }

    /// Starts a server and waits until it answers.
    package static func start(_ features: Features = Features()) async throws -> RedisServer {
        let server = try features.makeServer()
        try await server.restart()
        return server
    }

    /// An empty database on a server that the tests of this process share: quicker than a server of its own, for tests that
    /// neither stop it nor use `FLUSHALL`.
    package static func database() async throws -> RedisURL {
        let number = databases.withLock { count in
            count += 1
            return count
        }
        guard number < databaseCount else { throw ProcessError(description: "more than \(databaseCount) databases") }
        return try RedisURL("redis://127.0.0.1:\(try await shared.value.url.port)/\(number)")
    }

    private static let databaseCount = 10_000
    private static let databases = Mutex(0)
    private static let shared = Task {
        let server = RedisServer(try RedisURL("redis://127.0.0.1:\(try freePort())"), nil, options: [:])
        try await server.restart()
        return server
    }

    /// Kills the server (SIGKILL). The append-only file has what it has acknowledged: all of it only with `keepsAllWhenKilled`.
    package func stop() {
        process.withLock { process in
            process?.kill()
            process = nil
        }
    }

    /// Ends the server in good order (SIGTERM), and waits for its end.
    package func terminate() async throws {
        signal(SIGTERM)
        try await eventually("redis-server has ended") { (try? await node.send(["PING"])) == nil }
        stop()
    }

    /// Sends the server a signal, for example `SIGSTOP`.
    package func signal(_ number: Int32) { process.withLock { $0?.signal(number) } }

    /// Kills the server if it runs and starts it again on the same port and data.
    package func restart() async throws {
        stop()
        let options = [
            "port": String(url.port), "bind": "127.0.0.1", "save": "", "maxmemory-policy": "noeviction",
            "enable-debug-command": "yes",
            "databases": String(Self.databaseCount),
        ].merging(self.options) { $1 }
        let command = ["redis-server"] + options.flatMap { ["--" + $0.key, $0.value] }
        try process.withLock { $0 = try ChildProcess(command) }
        try await eventually("redis-server answers on port \(url.port) (is it installed?)") {
            (try? await node.send(["PING"])) == .status("PONG")
        }
    }

    /// Asks this server, whatever cluster it is of.
    package func send(_ command: [String]) async throws(RedisError) -> RedisValue { try await node.send(command) }

    package func flushAll() async throws { _ = try await node.send(["FLUSHALL"]) }
}
