import Glibc

/// What something took: time, and this process's processor time.
struct Cost {
    let seconds: Double
    let cpuSeconds: Double

    static func of(_ work: () async throws -> Void) async rethrows -> Cost {
        let (start, cpu) = (ContinuousClock.now, cpuTime())
        try await work()
        return Cost(seconds: (ContinuousClock.now - start).seconds, cpuSeconds: cpuTime() - cpu)
    }

    func report(events: Int) throws {
        try show(["eventsPerSecond": Double(events) / seconds, "cpuMicrosecondsPerEvent": cpuSeconds / Double(events) * 1e6])
    }

    private static func cpuTime() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].map { Double($0.tv_sec) + Double($0.tv_usec) / 1e6 }.reduce(0, +)
    }
}

/// The monotonic clock.
func nanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
