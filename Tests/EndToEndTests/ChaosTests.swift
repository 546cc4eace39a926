import Foundation
import Testing

/// A minute of what `make chaos` does: real Redis, real worker processes, real accidents.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct ChaosTests {
    @Test("the bus keeps its promises whatever happens to workers and Redis")
    func aMinuteOfAccidents() throws {
        let (status, output) = try Build.run(
            "chaos", ["--seconds", "60", "--events", "10000"], environment: ProcessInfo.processInfo.environment)
        #expect(status == 0, "\(output)")
        #expect(output.contains("KEPT"), "\(output)")
    }
}
