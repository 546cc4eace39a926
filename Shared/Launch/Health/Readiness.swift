import Messaging
import Synchronization

/// Whether this process should be given work: every check passes and it is not stopping.
package final class Readiness: Sendable {
    typealias Check = @Sendable () async throws -> Void

    struct Outcome: Codable, Sendable, Hashable {
        let name: String
        /// `ok` or `failed`.
        let status: String
        var reason: String?
    }

    struct Report: Codable, Sendable {
        /// `ready`, `unready` or `stopping`.
        let status: String
        let checks: [Outcome]
        var isReady: Bool { status == "ready" }
    }

    private struct State {
        var checks: [(name: String, check: Check)] = []
        var isStopping = false
        var cached: (report: Report, at: ContinuousClock.Instant)?
    }

    private let state = Mutex(State())
    /// An unready peer must not be able to hold the probe: what takes longer has failed.
    private let timeout: Duration
    /// Probes that come faster share an answer.
    private let cacheFor: Duration

    init(timeout: Duration = .seconds(2), cacheFor: Duration = .milliseconds(500)) {
        self.timeout = timeout
        self.cacheFor = cacheFor
    }

    /// Adds a condition. The error that `check` throws becomes the reason that people read.
    package func require(_ name: String, _ check: @escaping @Sendable () async throws -> Void) {
        state.withLock { $0.checks.append((name, check)) }
    }

    /// From now on the answer is no.
    func stop() { state.withLock { $0.isStopping = true } }

    func report() async -> Report {
        let (checks, isStopping, cached) = state.withLock { ($0.checks, $0.isStopping, $0.cached) }
        if isStopping { return Report(status: "stopping", checks: []) }
        if let cached, ContinuousClock.now - cached.at < cacheFor { return cached.report }
        let outcomes = await run(checks)
        let report = Report(status: outcomes.allSatisfy { $0.status == "ok" } ? "ready" : "unready", checks: outcomes)
        state.withLock { $0.cached = (report, .now) }
        return report
    }

    private func run(_ checks: [(name: String, check: Check)]) async -> [Outcome] {
        await withTaskGroup(of: (Int, Outcome).self) { group in
            for (index, (name, check)) in checks.enumerated() {
                group.addTask { (index, await self.outcome(name, check)) }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func outcome(_ name: String, _ check: @escaping Check) async -> Outcome {
        do {
            try await withTimeout(timeout, check)
            return Outcome(name: name, status: "ok")
        } catch {
            return Outcome(name: name, status: "failed", reason: String("\(error)".prefix(300)))
        }
    }
}
