import FoundationEssentials
import Glibc
package import Redis
import Synchronization

/// A private `redis-server` on a free loopback port: `noeviction`, append-only file on, its data in a temporary directory.
/// It ends with `stop()`, with its last reference, or with this process.
package final class RedisServer: Sendable {
    /// How to reach it with every right.
    package let url: RedisURL
    private let port: Int
    private let options: [String: String]
    private let directory: TemporaryDirectory?
    private let process = Mutex<ChildProcess?>(nil)
    private let client: RedisClient

    private init(_ url: RedisURL, _ directory: TemporaryDirectory?, options: [String: String]) {
        self.url = url
        port = url.port
        self.directory = directory
        self.options = options
        client = RedisClient(url, name: "test-server", commandTimeout: .seconds(10))
    }

    deinit { directory?.remove() }

    /// Starts a server and waits until it answers.
    package static func start() async throws -> RedisServer {
        let directory = TemporaryDirectory()
        let port = try freePort()
        let options = ["port": String(port), "dir": directory.path, "appendonly": "yes"]
        return try await start(RedisServer(RedisURL("redis://127.0.0.1:\(port)"), directory, options: options))
    }

    /// Starts a server that speaks TLS only.
    /// - Parameters:
    ///   - name: for which the server's certificate is good, beside 127.0.0.1.
    ///   - asksForCertificates: whether clients must show one.
    package static func start(
        _ certificates: TestCertificates, name: String = "localhost", asksForCertificates: Bool = false
    ) async throws -> RedisServer {
        let (directory, port) = (TemporaryDirectory(), try freePort())
        let pair = try certificates.sign("server-\(port)", hosts: ["DNS:\(name)", "IP:127.0.0.1"])
        var url = try RedisURL("rediss://127.0.0.1:\(port)")
        url.tls = RedisTLS(
            authorityFile: certificates.authority.certificate, certificateFile: pair.certificate, keyFile: pair.key)
        let options = [
            "port": "0", "tls-port": String(port), "tls-cert-file": pair.certificate, "tls-key-file": pair.key,
            "tls-ca-cert-file": certificates.authority.certificate, "tls-auth-clients": asksForCertificates ? "yes" : "no",
            "dir": directory.path,
        ]
        return try await start(RedisServer(url, directory, options: options))
    }

    /// Starts a server with the users of an ACL file, and `admin` beside them.
    package static func start(users: String) async throws -> RedisServer {
        let (directory, port) = (TemporaryDirectory(), try freePort())
        let file = directory.path + "/users.acl"
        try Data((users + "\nuser admin on >admin ~* &* +@all\n").utf8).write(to: URL(filePath: file))
        let options = ["port": String(port), "dir": directory.path, "aclfile": file]
        return try await start(RedisServer(RedisURL("redis://admin:admin@127.0.0.1:\(port)"), directory, options: options))
    }

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
    private static let shared = Task {
        let port = try freePort()
        return try await start(RedisServer(RedisURL("redis://127.0.0.1:\(port)"), nil, options: ["port": String(port)]))
    }

    private static func start(_ server: RedisServer) async throws -> RedisServer {
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

    /// Ends the server in good order (SIGTERM), and waits for its end.
    package func terminate() async throws {
        signal(SIGTERM)
        try await eventually("redis-server has ended") { (try? await client.send(["PING"])) == nil }
        stop()
    }

    /// Sends the server a signal, for example `SIGSTOP`.
    package func signal(_ number: Int32) { process.withLock { $0?.signal(number) } }

    /// Kills the server if it runs and starts it again on the same port and data.
    package func restart() async throws {
        stop()
        let options = [
            "bind": "127.0.0.1", "save": "", "maxmemory-policy": "noeviction", "enable-debug-command": "yes",
            "databases": String(Self.databaseCount),
        ].merging(self.options) { $1 }
        let command = ["redis-server"] + options.flatMap { ["--" + $0.key, $0.value] }
        try process.withLock { $0 = try ChildProcess(command) }
        try await eventually("redis-server answers on port \(port) (is it installed?)") {
            (try? await client.send(["PING"])) == .status("PONG")
        }
    }

    package func flushAll() async throws { _ = try await client.send(["FLUSHALL"]) }
}
