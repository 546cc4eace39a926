import TestSupport
import Testing

/// On one partition; `ClusterBusTests` keeps the same promises on several.
@Suite struct RedisBusConformanceTests {
    @Test(.timeLimit(.minutes(1)), arguments: BusConformance.checks)
    func keepsThePromise(_ check: BusConformance.Check) async throws {
        try await check.run { try await TestBus(visibility: $0).underTest(visibility: $0) }
    }
}
