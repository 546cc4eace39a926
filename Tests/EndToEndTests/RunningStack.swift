import Foundation
import HTTPClient
import Synchronization
import TestSupport
import Testing

/// What people get from `make up`: the same script with the build under test, on free ports, with a state folder of its own.
///
/// It ends with `stop()` or with this process: the script's parent shell reads a pipe whose other end only we hold.
final class RunningStack: Sendable {
    let port: Int
    /// Of its Redis, or of a node of its cluster.
    let redisPort: Int
    let directory: TemporaryDirectory
    let http = HTTPClient()
    private let process: Process
    private let lifeline = Pipe()
    private let output: URL

    var url: String { "http://127.0.0.1:\(port)" }
    var state: URL { URL(filePath: directory.path) }
    var apiKey: String { (try? String(contentsOf: state.appending(path: "api-key"), encoding: .utf8))?.trimmed ?? "" }
    var printed: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }

    /// - Parameters:
    ///   - directory: the state of an earlier run, to go on with it.
    ///   - environment: settings on top of the script's own.
    ///   - redisPort: where `environment` names a Redis that is not the stack's own.
    init(
        directory: TemporaryDirectory = TemporaryDirectory(), environment: [String: String] = [:], redisPort: Int? = nil
    ) throws {
        self.directory = directory
        port = try Self.freePorts(count: 12)
        self.redisPort = redisPort ?? port + 10
        output = URL(filePath: directory.path + ".out")
        try Data().write(to: output)
        let log = try FileHandle(forWritingTo: output)
        process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        let script = #"trap : TERM; "$@" </dev/null & read -r _; kill -TERM $!; wait $!"#
        process.arguments = ["-c", script, "bash", Build.root.appending(path: "Tools/stack/up").path]
        process.environment = Build.environment(state: directory.path, port: port).merging(environment) { $1 }
        // Only we may hold the end whose closing stops the stack.
        guard fcntl(lifeline.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC) == 0 else {
            throw StackError(description: "fcntl: \(errno)")
        }
        process.standardInput = lifeline
        process.standardOutput = log
        process.standardError = log
        try process.runHearingSignals()
    }

    static func start(
        directory: TemporaryDirectory = TemporaryDirectory(), environment: [String: String] = [:], redisPort: Int? = nil
    ) async throws -> RunningStack {
        let stack = try RunningStack(directory: directory, environment: environment, redisPort: redisPort)
        try await eventually(timeout: .seconds(90), "the stack says that it is ready") {
            guard stack.process.isRunning else { throw StackError(description: stack.printed) }
            return stack.printed.contains("Millrace is ready")
        }
        return stack
    }

    /// Ends the stack as Ctrl-C does and waits for it. Nobody may have asked Redis for more than the example users may do.
    func stop() async throws {
        #expect(try Redis.denials(of: self).isEmpty)
        try? lifeline.fileHandleForWriting.close()
        try await eventually(timeout: .seconds(60), "the stack has stopped") { !process.isRunning }
    }

    /// The process that plays `service` now.
    func pid(of service: String) -> pid_t? {
        let file = state.appending(path: "pid/\(service)")
        return (try? String(contentsOf: file, encoding: .utf8)).flatMap { pid_t($0.trimmed) }
    }

    func signal(_ service: String, _ number: Int32) throws {
        guard let pid = pid(of: service) else { throw StackError(description: "\(service) does not run") }
        kill(pid, number)
    }

    /// The first of `count` ports in a row on which nobody listens.
    private static func freePorts(count: Int) throws -> Int {
        for _ in 0..<200 {
            let base = Int.random(in: 20_000..<32_000)
            if (base..<base + count).allSatisfy(isFree) { return base }
        }
        throw StackError(description: "no free ports")
    }
}

struct StackError: Error, CustomStringConvertible { let description: String }

extension String {
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
