package import Logging
import Synchronization

/// Waits longer after each failure in a row, up to two seconds, and logs at most one line a second.
package struct BackOff: Sendable {
    private var failures = 0
    private let throttle: LogThrottle

    /// - Parameter throttle: shared with others who wait for the same.
    package init(logging throttle: LogThrottle = LogThrottle()) { self.throttle = throttle }

    package mutating func reset() { failures = 0 }

    package mutating func wait(_ logger: Logger, _ what: String, _ error: any Error) async {
        if throttle.mayLog() { logger.warning("\(what); will try again", metadata: ["error": "\(error)"]) }
        failures += 1
        let full = min(2000, 50 << min(failures, 6))
        try? await Task.sleep(for: .milliseconds(Int.random(in: full / 2...full)))
    }
}

/// Lets through one line a second.
package final class LogThrottle: Sendable {
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    package init() {}

    package func mayLog() -> Bool {
        let now = ContinuousClock.now
        return last.withLock { last in
            guard last.map({ now - $0 >= .seconds(1) }) ?? true else { return false }
            last = now
            return true
        }
    }
}
