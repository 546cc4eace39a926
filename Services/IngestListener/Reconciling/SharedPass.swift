import Events
import FoundationEssentials
import Messaging
import Redis

/// The walk through the store that all replicas share: where it is, and who goes on with it. It lives in the bus's keyed state, so
/// that each step of it belongs to one replica, and so that it begins anew, at once, when Redis has lost everything.
struct SharedPass: Sendable {
    /// What is kept of the walk.
    struct State: Codable, Sendable, Hashable {
        /// See `StoreWalk.position`.
        var position = ""
        /// Whose it is until `until`; nobody's when it is at its end: then nobody begins it again until then.
        var holder: String?
        var until: Date
    }

    let bus: any Bus
    let redis: RedisClient
    let partitions: Int
    /// The name of its state.
    var key = "reconcile"
    /// This replica.
    let name = UUID().uuidString

    /// After so long without a sign its replica is taken for dead.
    var lease: TimeInterval = 60
    /// State lives in a partition: this id, which no media has, names it.
    private static let place = MediaID("00000000-0000-7000-8000-000000000000")

    /// The walk to go on with; nil while somebody else does or none is due.
    func claim(now: Date = Date()) async throws -> (state: State, version: Int)? {
        let (old, version) = try await read()
        if let old, now < old.until, old.holder != name { return nil }
        let state = held(old?.position ?? "", now)
        return try await write(state, over: version) ? (state, version + 1) : nil
    }

    /// Works on a page of the walk, which stays this replica's meanwhile, however long that takes.
    /// - Parameter version: over which the walk was claimed or advanced.
    /// - Returns: the version to go on over.
    func holding(_ position: String, over version: Int, _ work: () async throws -> Void) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask { await renew(position, over: version) }
            try await work()
            group.cancelAll()
            return try await group.next() ?? version
        }
    }

    /// Until it is cancelled. Who could not renew it, because Redis is away or it is somebody else's, hears so when he advances.
    private func renew(_ position: String, over first: Int) async -> Int {
        var version = first
        while (try? await Task.sleep(for: .seconds(lease / 3))) != nil {
            // To its end also when cancelled: nobody would know whether it is written.
            let isWritten = await Task { [version] in try? await write(held(position, Date()), over: version) }.value
            if isWritten == true { version += 1 }
        }
        return version
    }

    /// Notes how far the walk has come.
    /// - Returns: false when it is somebody else's by now, or Redis has forgotten it.
    func advance(to position: String, over version: Int, now: Date = Date()) async throws -> Bool {
        try await write(held(position, now), over: version)
    }

    /// Notes that the walk is at its end.
    func finish(nextAt: Date, over version: Int) async throws -> Bool {
        try await write(State(until: nextAt), over: version)
    }

    private func held(_ position: String, _ now: Date) -> State {
        State(position: position, holder: name, until: now.addingTimeInterval(lease))
    }

    private func read() async throws -> (State?, version: Int) {
        guard let place = Self.place else { return (nil, 0) }
        let name = RedisKeys.state(place.partition(of: partitions), key)
        let fields = try await redis.send(["HMGET", name, "v", "d"]).array ?? []
        guard fields.count == 2, let version = fields[0].integer, let text = fields[1].string else { return (nil, 0) }
        return (try? EventCoding.decode(State.self, from: Data(text.utf8)), version)
    }

    private func write(_ state: State, over version: Int) async throws -> Bool {
        guard let place = Self.place else { return false }
        let value = String(decoding: try EventCoding.encode(state), as: UTF8.self)
        let change = StateChange.put(key: key, value: value, expecting: version)
        return try await bus.commit(Commit(place, changes: [change])) == .committed
    }
}
