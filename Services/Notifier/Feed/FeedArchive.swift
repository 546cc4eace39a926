import Events
import Redis

/// Reads of a feed's history in Redis.
struct FeedArchive: Sendable {
    enum Page: Sendable {
        case entries([FeedEntry])
        /// The place to go on from is no longer there: entries behind it may be gone too.
        case lost
    }

    let redis: RedisClient
    let publicURL: String

    /// The newest id of a partition's feed, and how many entries it has lost; zero and 0 where there is no feed.
    func end(of partition: Int) async throws(RedisError) -> (last: StreamID, trimmed: Int) {
        let replies = try await redis.pipeline([["XINFO", "STREAM", Self.key(partition)]])
        return try Self.end(replies.first)
    }

    /// At most `limit` entries behind `id`.
    func page(_ partition: Int, after id: StreamID, limit: Int) async throws(RedisError) -> Page {
        let key = Self.key(partition)
        // In this order: the oldest go first, so where `id` is still there afterwards, nothing behind it was missing before.
        let replies = try await redis.pipeline([
            ["XRANGE", key, "(\(id)", "+", "COUNT", "\(limit)"],
            ["XRANGE", key, "\(id)", "\(id)"],
            ["XINFO", "STREAM", key],
        ])
        guard replies.count == 3 else { throw RedisError(.unavailable, "an incomplete reply") }
        if let error = replies[0].error ?? replies[1].error { throw RedisError(.server, error) }
        let end = try Self.end(replies[2])
        let isThere = replies[1].array?.isEmpty == false || (id == .zero && end.trimmed == 0)
        guard isThere else { return .lost }
        return .entries((replies[0].array ?? []).compactMap { FeedEntry($0, publicURL: publicURL) })
    }

    static func key(_ partition: Int) -> String { RedisKeys.stream(partition, Stream.feed.name) }

    /// `XINFO STREAM` answers names and values in turn; a stream that is not there is an error.
    private static func end(_ reply: RedisValue?) throws(RedisError) -> (last: StreamID, trimmed: Int) {
        if let error = reply?.error {
            guard error.contains("no such key") else { throw RedisError(.server, error) }
            return (.zero, 0)
        }
        guard let info = reply?.array else { throw RedisError(.unavailable, "an incomplete reply") }
        let value = { (name: String) in
            info.indices.first { $0.isMultiple(of: 2) && info[$0].string == name }
                .flatMap { info.indices.contains($0 + 1) ? info[$0 + 1] : nil }
        }
        let last = value("last-generated-id")?.string.flatMap { StreamID($0) }
        let (added, length) = (value("entries-added")?.integer ?? 0, value("length")?.integer ?? 0)
        return (last ?? .zero, max(0, added - length))
    }
}
