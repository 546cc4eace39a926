package import Events
import Redis

extension Catalog {
    /// Whether ingest-listener has answered for this media lately.
    package func wasIngested(_ id: MediaID) async throws -> Bool {
        let key = RedisKeys.state(id.partition(of: partitions), CatalogKeys.ingested(id))
        return try await replies([["EXISTS", key]]).first?.integer == 1
    }

    /// The lane for news of a media of the project that is now `status`: who has many in that status waits behind who has few.
    package func lane(of keys: MediaKeys, entering status: [MediaStatus]) async throws -> Int {
        let partition = keys.mediaId.partition(of: partitions)
        let commands = status.map { ["ZCARD", RedisKeys.index(partition, CatalogKeys.project(keys.projectId, $0))] }
        let others = try await replies(commands).compactMap(\.integer).reduce(0, +)
        return Stream.lane(behind: others * partitions)
    }

    /// The entries of many media in one round trip.
    func entries(_ ids: [MediaID]) async throws -> [(entry: CatalogEntry, version: Int)?] {
        let commands = ids.map { id in
            ["HMGET", RedisKeys.state(id.partition(of: partitions), CatalogKeys.media(id)), "v", "d"]
        }
        return try zip(ids, try await replies(commands)).map { id, reply in
            guard let fields = reply.array, fields.count == 2, let version = fields[0].integer, let value = fields[1].string
            else { return nil }
            return (try CatalogEntry(id, stored: value), version)
        }
    }

    /// The replies of commands that each answer a list of texts.
    func arrays(_ commands: [[String]]) async throws -> [[String]] {
        try await replies(commands).map { $0.array?.compactMap(\.string) ?? [] }
    }

    private func replies(_ commands: [[String]]) async throws -> [RedisValue] {
        let replies: [RedisValue]
        do { replies = try await redis.pipeline(commands) } catch { throw CatalogError(.unavailable, "\(error)") }
        if let error = replies.lazy.compactMap(\.error).first { throw CatalogError(.unavailable, error) }
        return replies
    }
}
