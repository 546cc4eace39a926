import Synchronization

/// What the store said about key ids lately, also that there is no such key. Bounded, and the unknown ids, which anybody
/// can invent, cannot push out the known.
final class KeyCache: Sendable {
    static let capacity = 1024

    private struct Entry {
        let key: StoredKey?
        let expires: ContinuousClock.Instant
    }

    private struct State {
        var known: [String: Entry] = [:]
        var unknown: [String: Entry] = [:]
    }

    private let lifetime: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex(State())

    init(lifetime: Duration, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.lifetime = lifetime
        self.now = now
    }

    var count: Int { state.withLock { $0.known.count + $0.unknown.count } }

    /// - Returns: nil when nothing fresh is known; `.some(nil)` when there is no such key.
    func answer(for id: String) -> StoredKey?? {
        let now = now()
        return state.withLock { state in
            guard let entry = state.known[id] ?? state.unknown[id], entry.expires > now else { return nil }
            return .some(entry.key)
        }
    }

    func remember(_ key: StoredKey?, for id: String) {
        let now = now()
        let entry = Entry(key: key, expires: now + lifetime)
        state.withLock { state in
            state.known[id] = nil
            state.unknown[id] = nil
            if key == nil { Self.add(entry, id, to: &state.unknown, now) } else { Self.add(entry, id, to: &state.known, now) }
        }
    }

    private static func add(_ entry: Entry, _ id: String, to entries: inout [String: Entry], _ now: ContinuousClock.Instant) {
        if entries.count >= capacity { entries = entries.filter { $0.value.expires > now } }
        if entries.count >= capacity { entries = [:] }
        entries[id] = entry
    }
}
