/// A condition that did not come true in time.
package struct TimedOut: Error, CustomStringConvertible {
    package let description: String
}

/// Waits until a condition holds.
/// - Parameter what: what is waited for, for the error.
/// - Throws: `TimedOut`, or what the condition throws.
package func eventually(
    timeout: Duration = .seconds(20), _ what: String, _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + timeout
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw TimedOut(description: "not within \(timeout): \(what)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}
