import FoundationEssentials
import Glibc
package import S3

/// A private Ceph RADOS Gateway on loopback, which the tests of this process share: a real S3 server that verifies strictly. It
/// keeps everything in memory and ends with this process.
package final class RGWServer: Sendable {
    package let port: Int
    private let process: ChildProcess
    private let directory: String

    /// For `.enabled(if:)`. Where it is not installed tests are skipped with a line that cannot be overlooked; in CI they fail.
    package static let canRun: Bool = {
        let isInstalled = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":").contains {
            access("\($0)/radosgw", X_OK) == 0
        }
        guard !isInstalled, getenv("CI") == nil else { return true }
        let line = "\n*** SKIPPED: everything about S3. radosgw is not installed: Tools/stack/install test ***\n\n"
        _ = write(2, line, line.utf8.count)
        return false
    }()

    /// The shared one, which answers.
    package static func shared() async throws -> RGWServer { try await server.value }

    private static let server = Task { try await RGWServer() }

    private init() async throws {
        Self.removeLeftovers()
        directory = "\(Self.temporary)/\(Self.prefix)\(getpid())"
        port = try Self.freePorts(count: 11)
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Tools/stack/rgw").path
        process = try ChildProcess([
            "env", "RGW_STORE=memstore", "RGW_DAY=10", "RGW_TLS_PORT=\(port + 10)", script, directory, "\(port)",
        ])
        try await eventually(timeout: .seconds(120), "the gateway answers; see \(directory)/log") {
            guard process.isRunning else { throw ProcessError(description: "Tools/stack/rgw ended; see \(directory)/log") }
            return access("\(directory)/env", R_OK) == 0
        }
    }

    /// What a process needs to reach it, and finds no other credentials.
    package var environment: [String: String] { settings.merging(["HOME": "/nonexistent"]) { $1 } }

    /// The variables that name it.
    package var settings: [String: String] {
        var values: [String: String] = [:]
        for line in ((try? String(contentsOfFile: "\(directory)/env", encoding: .utf8)) ?? "").split(separator: "\n") {
            let pair = line.dropFirst("export ".count).split(separator: "=", maxSplits: 1)
            if pair.count == 2 { values[String(pair[0])] = String(pair[1]) }
        }
        return values
    }

    /// The same over https: Ceph takes an address with a secret only so.
    package var tlsSettings: [String: String] {
        settings.merging(["AWS_ENDPOINT_URL_S3": "https://127.0.0.1:\(port + 10)", "AWS_CA_BUNDLE": "\(directory)/tls.pem"]) {
            $1
        }
    }

    /// A client for a new, empty bucket.
    /// - Parameter location: what follows the bucket's name in its location.
    package func bucket(_ location: String = "") async throws -> S3Client {
        let name = "test-\(UInt64.random(in: .min ... .max))"
        let client = try client("s3://\(name)\(location)")
        try await client.createBucket()
        return client
    }

    package func client(_ location: String) throws -> S3Client {
        try S3Client(try S3Location(location, environment: environment), environment: environment)
    }

    private static let prefix = "millrace-test-rgw-"
    private static var temporary: String { FileManager.default.temporaryDirectory.path }

    /// Of processes that are gone.
    private static func removeLeftovers() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: temporary)) ?? [] where name.hasPrefix(prefix) {
            guard let pid = pid_t(name.dropFirst(prefix.count)), kill(pid, 0) != 0 else { continue }
            try? FileManager.default.removeItem(atPath: "\(temporary)/\(name)")
        }
    }

    /// Below those of `freePort`.
    private static func freePorts(count: Int) throws -> Int {
        for _ in 0..<100 {
            let base = Int.random(in: 10_000..<19_000)
            if try (base..<base + count).allSatisfy({ try isFree($0) }) { return base }
        }
        throw ProcessError(description: "no free ports")
    }
}
