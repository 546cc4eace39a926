import Testing

@testable import Transcoder

@Suite struct TimelineTests {
    /// Where packets of `duration` ticks lie that are decoded at `times`.
    private func steady(_ times: [Int64?], duration: Int64 = 40, start: Double = 0, maxGap: Double = 10) -> [Int64] {
        var clock = FileClock(start: start)
        var timeline = Timeline(tick: 0.001, maxGap: maxGap)
        return times.map { time in
            let shift = timeline.shift(time: time, duration: duration, by: &clock)
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

    /// Two streams, packets as the file has them: of 40 ticks, `true` is sound.
    private func together(_ packets: [(isSound: Bool, time: Int64)]) -> [Int64] {
        var clock = FileClock(start: 0)
        var timelines = [Timeline(tick: 0.001), Timeline(tick: 0.001)]
        return packets.map { packet in
            packet.time + timelines[packet.isSound ? 1 : 0].shift(time: packet.time, duration: 40, by: &clock)
        }
    }

    @Test func aPauseOfOneStreamIsNoJump() {
        let pictures = stride(from: Int64(0), to: 20_000, by: 40).map { (false, $0) }
        let times = together([(true, 0)] + pictures + [(true, 20_000), (true, 20_040)])
        #expect(times.suffix(3) == [19_960, 20_000, 20_040])
    }

    /// The sound comes to the jump later than the pictures do, and stays with them.
    @Test func streamsFollowAJumpTogether() {
        let times = together([
            (false, 0), (true, 0), (false, 40), (false, 9_000_000), (true, 40), (true, 9_000_010), (false, 9_000_040),
        ])
        #expect(times == [0, 0, 40, 80, 40, 90, 120])
    }

    @Test func hostileTimesDoNotTrap() {
        _ = steady([.min, .max, 0, .max, .min, nil], duration: .max)
        _ = steady([.max, .max], start: -1e300, maxGap: .infinity)
        _ = steady([0], start: .nan)
    }
}
