import FoundationEssentials
import Glibc
import Logging
import NIOCore
package import ServiceLifecycle

/// Runs a service from the first variable of its environment to its exit code: all that `main.swift` calls.
///
/// Reads the settings, starts logs, metrics, HTTP and what `body` returns, and runs until SIGTERM or SIGINT. Then `/readyz`
/// turns 503, what `body` returned drains at the same time, and HTTP, which serves to the end, stops last.
///
/// Exit code 0 after a drain; 1, with one line, when the configuration is wrong or something cannot start. Redis or the store
/// being away is neither: the process lives, `/readyz` says why, and it goes on trying.
///
/// Two flags: `--health` asks the running service's `/readyz` (exit code 0 or 1), `--version` prints the release.
package func launch(
    _ service: String, defaultPort: Int, _ body: @escaping @Sendable (Boot) async throws -> [any Service]
) async {
    signal(SIGPIPE, SIG_IGN)
    // Two threads feed more requests than the handlers behind them can answer; more would only cost memory.
    NIOSingletons.groupLoopCountSuggestion = 2
    do {
        switch CommandLine.arguments.dropFirst().first {
        case "--version": print("\(service) \(millraceVersion)")
        case "--health": try await checkHealth(defaultPort: defaultPort)
        case nil: try await run(service, defaultPort, body)
        case let argument?: throw SettingsError(argument, "unknown argument; there are --health and --version")
        }
        exit(0)
    } catch {
        writeToStandardError(lastLine(service, "\(error)"))
        exit(1)
    }
}

/// Why the process ends, in the format of its other lines where that is JSON.
private func lastLine(_ service: String, _ reason: String) -> String {
    guard (try? Environment().choice("MILLRACE_LOG", default: LogFormat.text)) == .json else {
        return "\(service): \(reason.escapedForLog)\n"
    }
    return LogEntry(time: Date(), level: .critical, service: service, message: reason, metadata: [:]).json + "\n"
}

private func checkHealth(defaultPort: Int) async throws {
    let (host, port) = try CommonSettings.address(Environment(), defaultPort)
    if let reason = await selfCheck(host: host, port: port) { throw NotReady(description: reason) }
}

private struct NotReady: Error, CustomStringConvertible { let description: String }

private func run(
    _ service: String, _ defaultPort: Int, _ body: @Sendable (Boot) async throws -> [any Service]
) async throws {
    let environment = Environment()
    let settings = try CommonSettings(environment, service: service, defaultPort: defaultPort)
    bootstrapLogging(service: service, format: settings.logFormat, level: settings.logLevel)
    try await Assembly(settings, environment, metrics: bootstrapMetrics()).run(body)
}
