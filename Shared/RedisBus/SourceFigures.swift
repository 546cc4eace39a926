import Events
import Redis

/// How far a group is with one stream in Redis.
struct SourceFigures {
    let lag: Int
    let pending: Int
    let consumers: Int
    /// The last entry that the group has been given.
    let position: EntryID
    let oldestPending: EntryID?

    init(of key: String, _ group: Group, _ client: RedisClient) async throws {
        let replies = try await client.pipeline([
            ["XINFO", "GROUPS", key], ["XPENDING", key, group.rawValue], ["XLEN", key],
        ])
        // The length is never an error, unless who knows it is away.
        if let error = replies[2].error { throw RedisError(reply: error) }
        let info = replies[0].array?.map(Self.fields).first { $0["name"]?.string == group.rawValue }
        pending = info?["pending"]?.integer ?? 0
        // Redis does not know the lag while entries beyond the group's position are gone, or were settled out of order; what it
        // holds and nobody works on is then the bound.
        lag = info?["lag"]?.integer ?? max(0, (replies[2].integer ?? 0) - pending)
        consumers = info?["consumers"]?.integer ?? 0
        position = info?["last-delivered-id"]?.string.flatMap(EntryID.init) ?? .zero
        oldestPending = replies[1].array?.dropFirst().first?.string.flatMap(EntryID.init)
    }

    private static func fields(_ info: RedisValue) -> [String: RedisValue] {
        let parts = info.array ?? []
        let pairs = stride(from: 0, to: parts.count - 1, by: 2).map { (parts[$0].string ?? "", parts[$0 + 1]) }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}
