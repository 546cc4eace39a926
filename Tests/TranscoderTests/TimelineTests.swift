import Testing

@testable import Transcoder

@Suite struct TimelineTests {
    /// Where packets of `duration` ticks lie that are decoded at `times`.
    private func steady(_ times: [Int64?], duration: Int64 = 40, start: Double = 0, maxGap: Double = 10) -> [Int64] {
        var timeline = Timeline(tick: 0.001, start: start, maxGap: maxGap)
        return times.map { time in
            let shift = timeline.shift(time: time, duration: duration)
            return (time ?? 0) &+ shift
        }
    }

    @Test func timesCountFromTheStart() {
        #expect(steady([1400, 1440, 1480], start: 1.4) == [0, 40, 80])
        #expect(steady([-200, -160], start: -0.2) == [0, 40])
    }

    @Test func jumpsLeaveNoGap() {
        #expect(steady([0, 40, 95_000_000, 95_000_040]) == [0, 40, 80, 120])
        #expect(steady([95_000_000, 95_000_040, 0, 40], start: 95_000) == [0, 40, 80, 120])
    }

    @Test func shortGapsStay() { #expect(steady([0, 40, 9000, 9040]) == [0, 40, 9000, 9040]) }

    /// A screen recording shows one picture for minutes.
    @Test func longPicturesStayWhereClocksDoNotJump() {
        #expect(steady([0, 600_000, 600_040], maxGap: .infinity) == [0, 600_000, 600_040])
    }

    @Test func hostileTimesDoNotTrap() {
        _ = steady([.min, .max, 0, .max, .min, nil], duration: .max)
        _ = steady([.max, .max], start: -1e300, maxGap: .infinity)
        _ = steady([0], start: .nan)
    }
}
