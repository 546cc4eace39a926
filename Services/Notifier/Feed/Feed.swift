import Logging
import Redis
import ServiceLifecycle

/// The feed of this process: a tailer for each partition and the heartbeat.
struct Feed: Service {
    let hub: FeedHub
    let archive: FeedArchive
    private let tailers: [FeedTailer]
    private let heartbeat: Duration

    /// - Parameter redis: makes a client; each tailer has its own, because it blocks.
    init(
        partitions: Int, publicURL: String, heartbeat: Duration = .seconds(15), logger: Logger,
        redis: (_ name: String) -> RedisClient
    ) {
        let hub = FeedHub(partitions: partitions)
        let archive = FeedArchive(redis: redis("feed-history"), publicURL: publicURL)
        self.hub = hub
        self.archive = archive
        self.heartbeat = heartbeat
        tailers = (0..<partitions).map {
            FeedTailer(partition: $0, redis: redis("feed-\($0)"), archive: archive, hub: hub, logger: logger)
        }
    }

    func run() async throws {
        await withTaskGroup { tasks in
            for tailer in tailers { tasks.addTask { await tailer.run() } }
            tasks.addTask { while (try? await Task.sleep(for: heartbeat)) != nil { hub.beat() } }
            await withGracefulShutdownHandler {
                while !hub.glance.isStopped, !Task.isCancelled { await hub.change(since: hub.glance.version) }
            } onGracefulShutdown: {
                hub.stop()
            }
            tasks.cancelAll()
        }
        hub.stop()
        await archive.redis.close()
    }
}
