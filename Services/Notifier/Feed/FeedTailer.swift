import Logging
import Messaging
import Redis

/// Follows one partition's feed for all listeners of this process.
struct FeedTailer: Sendable {
    let partition: Int
    /// Blocks in `XREAD`, so it is this tailer's own.
    let redis: RedisClient
    let archive: FeedArchive
    let hub: FeedHub
    let logger: Logger

    static let block: Duration = .seconds(2)

    func run() async {
        var backOff = BackOff()
        var position: StreamID?
        while !Task.isCancelled, !hub.glance.isStopped {
            do {
                position = try await position == nil ? begin() : read(after: position ?? .zero)
                backOff.reset()
            } catch {
                guard !Task.isCancelled else { break }
                await backOff.wait(logger, "cannot follow the feed", error)
            }
        }
        await redis.close()
    }

    private func begin() async throws(RedisError) -> StreamID {
        let end = try await archive.end(of: partition).last
        hub.begin(partition, at: end)
        return end
    }

    /// Whatever came since `position`; the new position.
    private func read(after position: StreamID) async throws(RedisError) -> StreamID {
        let milliseconds = Int(Self.block / .milliseconds(1))
        let reply = try await redis.send([
            "XREAD", "COUNT", "500", "BLOCK", "\(milliseconds)", "STREAMS", FeedArchive.key(partition), "\(position)",
        ])
        let entries = (reply.array?.first?.array?.last?.array ?? []).compactMap {
            FeedEntry($0, publicURL: archive.publicURL)
        }
        guard let last = entries.last?.id else { return try await check(position) }
        hub.append(partition, entries)
        return last
    }

    /// Nothing came: still the same feed? After a FLUSHALL, or a restart that lost some, new ids may lie before ours.
    private func check(_ position: StreamID) async throws(RedisError) -> StreamID {
        guard try await archive.end(of: partition).last < position else { return position }
        logger.notice("the feed lost its history; listeners are told to fetch anew", metadata: ["partition": "\(partition)"])
        return try await begin()
    }
}
