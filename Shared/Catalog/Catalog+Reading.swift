package import Events
import Redis

extension Catalog {
    /// What ingest-listener has noted lately of its answer for this media, with the version of the note; nil for nothing.
    package func ingestNote(_ id: MediaID) async throws -> (note: String, version: Int)? {
        let key = RedisKeys.state(id.partition(of: partitions), CatalogKeys.ingested(id))
        let fields = try await replies([["HGET", key, "v"], ["HGET", key, "d"]])
        guard let version = fields[0].integer, let note = fields[1].string else { return nil }
        return (note, version)
    }

    /// The lane for news of a media of the project that is now `status`: who has many in that status waits behind who has few.
    package func lane(of keys: MediaKeys, entering status: [MediaStatus]) async throws -> Int {
        let partition = keys.mediaId.partition(of: partitions)
        let commands = status.map { ["ZCARD", RedisKeys.index(partition, CatalogKeys.project(keys.projectId, $0))] }
        let others = try await replies(commands).compactMap(\.integer).reduce(0, +)
        return Stream.lane(behind: others * partitions)
    }

    /// The entries of many media in one round trip.
    /// - Throws: also when one of them cannot be read.
    package func entries(_ ids: [MediaID]) async throws -> [(entry: CatalogEntry, version: Int)?] {
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
