import Synchronization
import Testing

@testable import Launch

private struct Away: Error, CustomStringConvertible { let description = "connection refused" }

@Suite struct ReadinessTests {
    @Test func everyCheckIsNamed() async {
        let readiness = Readiness(cacheFor: .zero)
        readiness.require("good") {}
        readiness.require("bad") { throw Away() }
        let report = await readiness.report()
        #expect(!report.isReady && report.status == "unready")
        #expect(
            report.checks == [
                .init(name: "good", status: "ok"), .init(name: "bad", status: "failed", reason: "connection refused"),
            ])
    }

    /// Also one that ignores its cancellation.
    @Test func aCheckThatHangsHasFailed() async {
        let readiness = Readiness(timeout: .milliseconds(50))
        readiness.require("stuck") {
            await withCheckedContinuation { waiting in
                Task {
                    try? await Task.sleep(for: .seconds(5)); waiting.resume()
                }
            }
        }
        let start = ContinuousClock.now
        let report = await readiness.report()
        #expect(!report.isReady && report.checks.first?.reason == "no answer within 0.05 seconds")
        #expect(ContinuousClock.now - start < .seconds(4))
    }

    @Test func probesShareAnAnswer() async {
        let asked = Mutex(0)
        let readiness = Readiness(cacheFor: .seconds(60))
        readiness.require("counted") { asked.withLock { $0 += 1 } }
        for _ in 0..<5 { #expect(await readiness.report().isReady) }
        #expect(asked.withLock { $0 } == 1)
    }

    @Test func stoppingIsSaidAtOnce() async {
        let readiness = Readiness(cacheFor: .seconds(60))
        #expect(await readiness.report().isReady)
        readiness.stop()
        #expect(await readiness.report().status == "stopping")
    }
}
