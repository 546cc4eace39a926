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

    /// After so long without a step its replica is taken for dead.
    private static let lease: TimeInterval = 60
    /// State lives in a partition: this id, which no media has, names it.
    private static let place = MediaID("00000000-0000-7000-8000-000000000000")

    /// The walk to go on with; nil while somebody else does or none is due.
    func claim(now: Date = Date()) async throws -> (state: State, version: Int)? {
        let (old, version) = try await read()
        if let old, now < old.until, old.holder != name { return nil }
        let state = held(old?.position ?? "", now)
        return try await write(state, over: version) ? (state, version + 1) : nil
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
        State(position: position, holder: name, until: now.addingTimeInterval(Self.lease))
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
