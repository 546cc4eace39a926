import Synchronization

/// Which servers stand behind a URL, as far as they have told: one Redis, or the nodes of a cluster. Clients share it.
final class Topology: Sendable {
    private struct State {
        var isKnown = false
        /// Nil when it is no cluster.
        var slots: SlotMap?
        /// Something has changed: ask again.
        var isStale = false
        var askedAt: ContinuousClock.Instant?
        /// Did not answer lately: to be asked last.
        var silent: Set<RedisAddress> = []
        var asking: Task<Result<SlotMap?, RedisError>, Never>?
    }

    /// A change takes the cluster longer than this.
    private static let pause: Duration = .milliseconds(100)
    private let url: RedisURL
    private let name: String
    private let timeout: Duration
    private let state = Mutex(State())

    init(_ url: RedisURL, name: String, timeout: Duration) {
        self.url = url
        self.name = name
        self.timeout = min(timeout, .seconds(2))
    }

    /// Who serves which slot; nil for one Redis, which is no cluster.
    /// - Throws: when nobody has told yet and nobody tells now.
    func slots() async throws(RedisError) -> SlotMap? {
        let (known, asking) = state.withLock { state in
            let isFresh = !state.isStale || state.askedAt.map { ContinuousClock.now - $0 < Self.pause } ?? false
            if state.isKnown, isFresh { return (state.slots, nil as Task<Result<SlotMap?, RedisError>, Never>?) }
            let asking = state.asking ?? Task { await self.refresh() }
            state.asking = asking
            return (state.slots, asking)
        }
        guard let asking else { return known }
        switch await asking.value {
        case .success(let slots): return slots
        case .failure(let error):
            guard let known else { throw error }
            return known
        }
    }

    /// A node has said that it serves the slot.
    func moved(_ slot: Int, to address: RedisAddress) {
        state.withLock { state in
            if state.slots?[slot] != address { state.isStale = true }
        }
    }

    /// A node did not answer, or not as one that serves.
    func failed(_ address: RedisAddress) {
        state.withLock { state in
            state.isStale = true
            state.silent.insert(address)
        }
    }

    private func refresh() async -> Result<SlotMap?, RedisError> {
        let result = await ask()
        state.withLock { state in
            state.askedAt = .now
            state.asking = nil
            guard case .success(let slots) = result else { return }
            state.isKnown = true
            state.slots = slots
            state.isStale = false
            state.silent = []
        }
        return result
    }

    /// Asks one after the other until one answers.
    private func ask() async -> Result<SlotMap?, RedisError> {
        let (known, silent) = state.withLock { ($0.slots?.addresses ?? [], $0.silent) }
        let all = known.union(url.addresses).shuffled()
        var failure = RedisError(.unavailable, "nobody to ask")
        for address in all.filter({ !silent.contains($0) }) + all.filter(silent.contains) {
            do throws(RedisError) { return .success(try await ask(address)) } catch { failure = error }
        }
        return .failure(failure)
    }

    private func ask(_ address: RedisAddress) async throws(RedisError) -> SlotMap? {
        let node = RedisNode(url.at(address), name: name, timeout: timeout)
        let replies = try await node.pipeline([["CLUSTER", "SLOTS"]])
        await node.close()
        guard let error = replies.first?.error else {
            guard let slots = replies.first.flatMap({ SlotMap($0, asked: address) }) else {
                throw RedisError(.unavailable, "\(address) knows of no node that serves a slot")
            }
            return slots
        }
        if RedisError(reply: error).code == .unavailable { throw RedisError(reply: error) }
        // Cluster support disabled, or a server that knows no such command or allows it to nobody.
        guard url.addresses.count == 1 else {
            throw RedisError(.invalid, "several hosts are for a Redis Cluster; \(address) is not of one: \(error)")
        }
        return nil
    }
}
