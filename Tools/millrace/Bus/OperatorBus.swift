import Catalog
import Events
import Launch
import Logging
import Messaging
import Redis
import RedisBus

/// The bus as an operator reaches it: Redis itself, as `MILLRACE_REDIS_URL` and `MILLRACE_PARTITIONS` say.
struct OperatorBus {
    let url: RedisURL
    let bus: RedisBus

    init() throws {
        url = try LocalStack.environment.redisURL()
        var options = RedisBusOptions()
        options.partitions = try LocalStack.environment.int("MILLRACE_PARTITIONS", default: 1, in: RedisKeys.partitions)
        bus = RedisBus(url: url, options: options, logger: Logger(label: "millrace"))
    }

    /// Runs a command's work; says where Redis was looked for when it fails.
    static func run(_ work: (OperatorBus) async throws -> Void) async throws {
        let redis = try OperatorBus()
        do {
            try await redis.checkPartitions()
            try await work(redis)
        } catch let error where isAboutRedis(error) {
            throw CommandError(description: "\(redis.url): \(error)")
        }
        await redis.bus.close()
    }

    private static func isAboutRedis(_ error: any Error) -> Bool {
        error is RedisError || error is BusError || (error as? CatalogError)?.code == .unavailable
    }

    /// With too few partitions one would see a part and take it for the whole.
    private func checkPartitions() async throws {
        let count = bus.options.partitions
        let client = RedisClient(url, name: "millrace")
        let next = RedisKeys.stream(count, Stream.mediaUploaded.name)
        guard try await client.send(["EXISTS", next]) == .integer(0) else {
            throw CommandError(description: "Redis has more partitions than MILLRACE_PARTITIONS says (\(count))")
        }
        await client.close()
    }
}
