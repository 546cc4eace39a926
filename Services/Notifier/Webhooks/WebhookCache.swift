import Events
import Synchronization

/// The lists of recently asked projects, each believed for a while. At most `capacity` projects.
final class WebhookCache: Sendable {
    private struct State {
        var lists: [ProjectID: (webhooks: [Webhook], until: ContinuousClock.Instant)] = [:]
        var generation = 0
    }

    private let lifetime: Duration
    private let capacity: Int
    private let state = Mutex(State())

    init(lifetime: Duration, capacity: Int = 1000) {
        self.lifetime = lifetime
        self.capacity = capacity
    }

    /// Rises with every change, so that a list read before it is not remembered after it.
    var generation: Int { state.withLock(\.generation) }

    func webhooks(of project: ProjectID) -> [Webhook]? {
        state.withLock { state in
            guard let (webhooks, until) = state.lists[project], until > .now else { return nil }
            return webhooks
        }
    }

    func remember(_ webhooks: [Webhook], of project: ProjectID, readAt generation: Int) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.lists.count >= capacity { state.lists = state.lists.filter { $0.value.until > .now } }
            if state.lists.count >= capacity { state.lists = [:] }
            state.lists[project] = (webhooks, .now + lifetime)
        }
    }

    func forget(_ project: ProjectID) {
        state.withLock { state in
            state.generation += 1
            state.lists[project] = nil
        }
    }
}
