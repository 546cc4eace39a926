package import Logging

/// Waits longer after each failure in a row, up to two seconds, and logs at most one line a second.
package struct BackOff: Sendable {
    private var failures = 0
    private var lastLine: ContinuousClock.Instant?

    package init() {}

    package mutating func reset() { failures = 0 }

    package mutating func wait(_ logger: Logger, _ what: String, _ error: any Error) async {
        let now = ContinuousClock.now
        if lastLine.map({ now - $0 >= .seconds(1) }) ?? true {
            logger.warning("\(what); will try again", metadata: ["error": "\(error)"])
            lastLine = now
        }
        failures += 1
        let full = min(2000, 50 << min(failures, 6))
        try? await Task.sleep(for: .milliseconds(Int.random(in: full / 2...full)))
    }
}
