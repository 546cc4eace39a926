/// When a delivery is tried again, and how often at most.
///
/// Source: the example schedule of Standard Webhooks 1.0.0: at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h,
/// 20 h and 24 h. Each delay is stretched by up to a tenth, so that endpoints that failed together do not return together.
struct DeliverySchedule: Sendable {
    let delays: [Duration]

    static let standard = DeliverySchedule(delays: [
        .seconds(5), .seconds(300), .seconds(1800), .seconds(7200), .seconds(18_000), .seconds(36_000), .seconds(50_400),
        .seconds(72_000), .seconds(86_400),
    ])

    /// A subscriber may ask for more time, but not for more than this.
    static let longestRetryAfter: Duration = .seconds(86_400)

    var maxAttempts: Int { delays.count + 1 }

    /// The delay after a failed attempt (1 for the first): what the schedule says, or what the subscriber asked for if
    /// that is longer.
    func delay(after attempt: Int, retryAfter: Duration?) -> Duration {
        let planned = delays.isEmpty ? .zero : delays[min(max(attempt, 1), delays.count) - 1]
        return max(planned, min(retryAfter ?? .zero, Self.longestRetryAfter)) * Double.random(in: 1...1.1)
    }
}
