import Messaging

/// The entries that this consumer's handlers work on, so that an entry that it takes over from itself is not started twice.
///
/// One of which nobody has spoken for a whole visibility timeout is forgotten: then its reply was lost on the way, and
/// it must be handed out again.
struct HeldEntries {
    private let visibility: Duration
    private var mentioned: [Delivery.ID: ContinuousClock.Instant] = [:]

    init(visibility: Duration) { self.visibility = visibility }

    /// Marks the deliveries as held.
    /// - Returns: those that were not.
    mutating func take(_ deliveries: [Delivery]) -> [Delivery] {
        let now = ContinuousClock.now
        if deliveries.contains(where: { $0.deliveries > 1 }) { mentioned = mentioned.filter { now - $0.value < visibility } }
        return deliveries.filter { mentioned.updateValue(now, forKey: $0.id) == nil }
    }

    mutating func mention(_ deliveries: [Delivery]) {
        let now = ContinuousClock.now
        for delivery in deliveries where mentioned[delivery.id] != nil { mentioned[delivery.id] = now }
    }

    mutating func drop(_ deliveries: some Sequence<Delivery>) {
        for delivery in deliveries { mentioned[delivery.id] = nil }
    }
}
