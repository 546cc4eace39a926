import Messaging
import TestSupport
import Testing

@Suite struct MemoryBusTests {
    @Test(.timeLimit(.minutes(1)), arguments: BusConformance.checks)
    func keepsThePromise(_ check: BusConformance.Check) async throws {
        try await check.run { BusUnderTest(MemoryBus(visibility: $0), visibility: $0) }
    }
}
