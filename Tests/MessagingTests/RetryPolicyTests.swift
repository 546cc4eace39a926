import Messaging
import Testing

@Suite struct RetryPolicyTests {
    @Test(arguments: [(1, 100), (2, 200), (3, 400), (5, 1000), (1000, 1000), (0, 100), (-7, 100), (Int.max, 1000)])
    func delaysGrowToTheCap(_ attempt: Int, _ milliseconds: Int) {
        let policy = RetryPolicy(base: .milliseconds(100), cap: .seconds(1))
        let full = Duration.milliseconds(milliseconds)
        for _ in 0..<50 { #expect((full / 2...full).contains(policy.delay(after: attempt))) }
    }

    @Test func delaysDiffer() {
        let policy = RetryPolicy()
        #expect(Set((0..<20).map { _ in policy.delay(after: 3) }).count > 1)
    }

    @Test func aFullDiskIsWaitedForByTheHour() {
        let policy = RetryPolicy.fullDisk
        let shortest = (1..<policy.maxAttempts).reduce(Duration.zero) { sum, attempt in
            sum + min(policy.cap, policy.base * (1 << min(attempt - 1, 30))) / 2
        }
        #expect(shortest > .seconds(4 * 3600) && policy.cap < .seconds(3600), "it is heard of before the media's deadline")
    }

    @Test func survivesALargeBase() {
        let policy = RetryPolicy(base: .seconds(86_400), cap: .seconds(86_400 * 365))
        #expect(policy.delay(after: 64) <= .seconds(86_400 * 365))
    }
}
