import Messaging

extension RetryPolicy {
    /// Only the store being away can make it fail: about two hours of patience, and no delivery is lost.
    static let fanOut = RetryPolicy(maxAttempts: 120, cap: .seconds(60))

    /// As many attempts as the delivery schedule has; `Deliver` says when.
    static let webhooks = RetryPolicy(maxAttempts: DeliverySchedule.standard.maxAttempts)
}
