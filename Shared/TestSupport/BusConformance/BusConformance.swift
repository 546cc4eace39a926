import Events

/// The promises of `Bus`, checked on every implementation.
package enum BusConformance {
    package struct Check: Sendable, CustomStringConvertible {
        package let description: String
        /// The visibility timeout that the check wants.
        package let visibility: Duration
        let body: @Sendable (BusUnderTest) async throws -> Void

        init(
            _ description: String, visibility: Duration = .seconds(60),
            _ body: @escaping @Sendable (BusUnderTest) async throws -> Void
        ) {
            self.description = description
            self.visibility = visibility
            self.body = body
        }

        /// - Parameter make: a fresh bus with the given visibility timeout.
        /// - Throws: `CheckFailed` with the promise that was not kept.
        package func run(_ make: (_ visibility: Duration) async throws -> BusUnderTest) async throws {
            try await body(try await make(visibility))
        }
    }

    package static let checks = delivery + commits + ownership + failures + trimming + lanes + consumers
}

extension Stream {
    /// The stream of the checks, read by two groups.
    static let work = Stream("test.work", groups: [.probe, .other])
}
