import Messaging
import Synchronization

/// The entries that this consumer's handlers work on.
///
/// An entry that it takes over from itself is not started twice. One of which nobody has spoken for a whole visibility
/// timeout is forgotten: then its reply was lost on the way, and it must be handed out again.
final class HeldEntries: Sendable {
    private struct State {
        var mentioned: [Delivery.ID: ContinuousClock.Instant] = [:]
        /// Those with which an earlier consumer vanished, perhaps because of them, and since when they are here.
        var suspects: [Delivery.ID: ContinuousClock.Instant] = [:]
    }

    private let visibility: Duration
    private let state = Mutex(State())

    init(visibility: Duration) { self.visibility = visibility }

    var ids: [Delivery.ID] { state.withLock { Array($0.mentioned.keys) } }

    /// How long the entry under suspicion has been worked on; nil without one. What kills does so soon: who has lived with an
    /// entry for a sixteenth of the visibility timeout suspects it no more, so that sixteen slow ones that only had bad luck
    /// have all begun again within one.
    var suspicion: Duration? {
        let now = ContinuousClock.now
        return state.withLock { state in
            guard !state.suspects.isEmpty else { return nil }
            return state.suspects.values.lazy.map { now - $0 }.filter { $0 < self.visibility / 16 }.min()
        }
    }

    /// Marks the deliveries as held.
    /// - Returns: those that were not.
    func take(_ deliveries: [Delivery]) -> [Delivery] {
        let now = ContinuousClock.now
        return state.withLock { state in
            if deliveries.contains(where: { $0.deliveries > 1 }) {
                state.mentioned = state.mentioned.filter { now - $0.value < visibility }
            }
            let new = deliveries.filter { state.mentioned.updateValue(now, forKey: $0.id) == nil }
            for delivery in new where delivery.deliveries > 1 { state.suspects[delivery.id] = now }
            return new
        }
    }

    func mention(_ deliveries: some Sequence<Delivery>) {
        let now = ContinuousClock.now
        state.withLock { state in
            for delivery in deliveries where state.mentioned[delivery.id] != nil { state.mentioned[delivery.id] = now }
        }
    }

    func drop(_ deliveries: some Sequence<Delivery>) {
        state.withLock { state in
            for delivery in deliveries {
                state.mentioned[delivery.id] = nil
                if !state.suspects.isEmpty { state.suspects[delivery.id] = nil }
            }
        }
    }
}
