import Catalog
import Events
import FoundationEssentials
import Logging
import Messaging
import NIOCore
import ObjectStore
import Redis
import RedisBus
import TestSupport

/// A catalog on a private Redis of several partitions and a store in a temporary directory.
struct CatalogRig {
    let server: RedisServer
    let redis: RedisClient
    let bus: RedisBus
    let store: FileStore
    let catalog: Catalog
    let directory = TemporaryDirectory()
    let partitions: Int

    init(partitions: Int = 3) async throws {
        self.partitions = partitions
        server = try await RedisServer.start()
        redis = RedisClient(server.url, name: "catalog-test")
        var options = RedisBusOptions()
        options.partitions = partitions
        bus = RedisBus(url: server.url, options: options, logger: Logger(label: "test"))
        store = FileStore(root: directory.path, signingKey: Array(repeating: 1, count: 32), publicURL: "http://127.0.0.1")
        catalog = Catalog(redis: redis, store: store, partitions: partitions)
    }

    func close() async {
        await redis.close()
        await bus.close()
        server.stop()
        directory.remove()
    }

    /// Brings a media as far as `status` says, through the real commits.
    @discardableResult
    func make(_ story: Story, until status: MediaStatus) async throws -> MediaRecord {
        let rules = StepRules()
        var record = try await commit(story.create())
        guard status != .uploading else { return record }
        record = try await commit(record.uploaded(stepDeadline: .seconds(60), story.context(1)))
        guard status != .uploaded else { return record }
        record = try await commit(record.ingested(story.ingested, rules, story.context(2)))
        guard status != .processing else { return record }
        record = try await commit(record.completed(story.completed(.metadata), rules, story.context(3)))
        record = try await commit(
            status == .ready
                ? record.completed(story.completed(.variants), rules, story.context(4))
                : record.failed(story.failed(.variants), rules, story.context(4)))
        try await write(try Manifest(record).unwrapped())
        return try await commit(record.announced(story.context(5)))
    }

    func write(_ manifest: Manifest) async throws {
        let keys = MediaKeys(projectId: manifest.projectId, mediaId: manifest.mediaId)
        try await store.put(keys.manifest, ByteBuffer(bytes: try manifest.encoded()), contentType: "application/json")
    }

    private func commit(_ transition: Transition?) async throws -> MediaRecord {
        let transition = try transition.unwrapped()
        guard try await bus.commit(transition.commit) == .committed else { throw BusError("conflict") }
        return transition.record
    }
}
