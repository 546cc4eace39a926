import TestSupport
import Testing

@Suite struct RedisBusConformanceTests {
    @Test(.timeLimit(.minutes(1)), arguments: BusConformance.checks)
    func keepsThePromise(_ check: BusConformance.Check) async throws {
        try await check.run { try await TestBus(visibility: $0).underTest(visibility: $0) }
    }

    @Test(.timeLimit(.minutes(1)), arguments: BusConformance.checks)
    func keepsThePromiseOnSeveralPartitions(_ check: BusConformance.Check) async throws {
        try await check.run { try await TestBus(visibility: $0, partitions: 4).underTest(visibility: $0) }
    }
}
