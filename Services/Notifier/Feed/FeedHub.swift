import Synchronization

/// What the tailers have read, and the listeners that wait for more.
///
/// A listener has a cursor and no queue of its own: it takes what lies behind its cursor from here, or from Redis when it
/// is further behind. So nothing is lost or told twice where replay ends and live begins, and a slow one costs no memory.
final class FeedHub: Sendable {
    /// Rises with everything a listener might want to wake up for.
    typealias Version = UInt64

    struct Glance: Sendable {
        let version: Version
        /// Rises when a feed lost its history: cursors from before mean nothing any more.
        let epoch: Int
        /// Rises with every heartbeat.
        let beat: Int
        /// Nil while a partition has not been read yet.
        let tail: FeedCursor?
        let isStopped: Bool
    }

    private struct State {
        var rings: [FeedRing?]
        var version: Version = 0
        var epoch = 0
        var beat = 0
        var isStopped = false
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter: UInt64 = 0
    }

    private let state: Mutex<State>
    let partitions: Int

    init(partitions: Int) {
        self.partitions = partitions
        state = Mutex(State(rings: Array(repeating: nil, count: partitions)))
    }

    var glance: Glance {
        state.withLock { state in
            let tails = state.rings.compactMap { $0?.tail }
            return Glance(
                version: state.version, epoch: state.epoch, beat: state.beat,
                tail: tails.count == partitions ? FeedCursor(tails) : nil, isStopped: state.isStopped)
        }
    }

    /// At most `limit` entries behind `id`; nil when Redis has to be asked.
    func entries(_ partition: Int, after id: StreamID, limit: Int) -> [FeedEntry]? {
        state.withLock { $0.rings[partition]?.entries(after: id, limit: limit) }
    }

    // MARK: the tailers' side

    func append(_ partition: Int, _ entries: [FeedEntry]) { wake { $0.rings[partition]?.append(entries) } }

    /// A feed begins (again) behind `id`.
    func begin(_ partition: Int, at id: StreamID) {
        wake { state in
            if state.rings[partition] != nil { state.epoch += 1 }
            state.rings[partition] = FeedRing(floor: id)
        }
    }

    func beat() { wake { $0.beat += 1 } }
    func stop() { wake { $0.isStopped = true } }

    // MARK: waiting

    /// Returns when something has happened since `version`, or when the task is cancelled.
    func change(since version: Version) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    guard state.version == version, !state.isStopped, !Task.isCancelled else { return false }
                    state.waiters[id] = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            state.version += 1
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }
}
