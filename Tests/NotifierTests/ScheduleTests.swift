import FoundationEssentials
import Testing

@testable import Notifier

@Suite struct ScheduleTests {
    let schedule = DeliverySchedule.standard

    @Test func followsTheScheduleWithJitter() {
        let seconds = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
        #expect(schedule.maxAttempts == 10)
        for (index, planned) in seconds.enumerated() {
            let delay = schedule.delay(after: index + 1, retryAfter: nil)
            #expect(delay >= .seconds(planned) && delay <= .seconds(Double(planned) * 1.1))
        }
        let delays = Set((0..<20).map { _ in schedule.delay(after: 3, retryAfter: nil) })
        #expect(delays.count > 1)
    }

    @Test func aLongerRetryAfterIsHonouredUpToADay() {
        #expect(schedule.delay(after: 1, retryAfter: .seconds(600)) >= .seconds(600))
        #expect(schedule.delay(after: 2, retryAfter: .seconds(1)) >= .seconds(300))
        #expect(schedule.delay(after: 1, retryAfter: .seconds(999_999_999)) <= .seconds(86_400 * 1.1))
    }

    @Test(arguments: [
        ("120", 120), ("0", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 37), ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
        ("99999999999999999999", 999_999_999),
    ])
    func readsRetryAfter(text: String, seconds: Int) {
        let now = Date(timeIntervalSince1970: 784_111_740)  // 08:49:00
        #expect(DeliveryVerdict.retryAfter(text, now: now) == .seconds(seconds))
    }

    @Test(arguments: ["", "soon", "-5", "1.5", "Sun, 06 Foo 1994 08:49:37 GMT", "06 Nov 1994"])
    func ignoresOtherRetryAfter(text: String) { #expect(DeliveryVerdict.retryAfter(text, now: Date()) == nil) }
}
