import Messaging

/// The keyed state of a bus in memory.
struct MemoryState {
    struct Value {
        let version: Int
        let text: String
        let expires: ContinuousClock.Instant?
    }

    private var values: [String: Value] = [:]
    private var indexes: [String: [String: Double]] = [:]

    func value(_ key: String) -> Value? {
        guard let value = values[key], value.expires.map({ $0 > .now }) ?? true else { return nil }
        return value
    }

    /// The members by score, equal scores by their bytes.
    func index(_ name: String) -> [(member: String, score: Double)] {
        (indexes[name] ?? [:]).map { (member: $0.key, score: $0.value) }
            .sorted { ($0.score, $0.member) < ($1.score, $1.member) }
    }

    func conflicts(_ change: StateChange) -> Bool {
        guard case .put(let key, _, let expecting, _) = change else { return false }
        return (value(key)?.version ?? 0) != expecting
    }

    mutating func apply(_ change: StateChange) {
        switch change {
        case .put(let key, let text, let expecting, let lifetime):
            values[key] = Value(version: expecting + 1, text: text, expires: lifetime.map { .now + $0 })
        case .delete(let key): values[key] = nil
        case .addToIndex(let name, let member, let score): indexes[name, default: [:]][member] = score
        case .removeFromIndex(let name, let member): indexes[name]?[member] = nil
        }
    }
}
