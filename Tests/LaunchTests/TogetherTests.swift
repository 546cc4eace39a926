import ServiceLifecycle
import Testing

@testable import Launch

private struct Broken: Error {}

@Suite struct TogetherTests {
    private struct Failing: Service { func run() async throws { throw Broken() } }
    private struct Endless: Service { func run() async throws { try await Task.sleep(for: .seconds(60)) } }

    @Test(.timeLimit(.minutes(1))) func theFirstThatFailsTakesTheOthersDown() async {
        let start = ContinuousClock.now
        await #expect(throws: Broken.self) { try await Together(services: [Endless(), Failing(), Endless()]).run() }
        #expect(ContinuousClock.now - start < .seconds(30))
    }
}
