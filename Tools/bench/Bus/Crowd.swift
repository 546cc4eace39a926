import ArgumentParser
import Redis

/// Processes that are started side by side and share the work of one measurement. They meet in Redis.
struct Crowd: Sendable {
    let size: Int
    private let client: RedisClient

    init(_ options: BusBench.Options) throws {
        size = options.processes
        client = RedisClient(try RedisURL(options.redis), name: "bench-crowd")
    }

    /// Returns when all of them have come there.
    func meet(_ place: String) async throws {
        guard size > 1 else { return }
        var present = try await total(place, adding: 1)
        while present < size {
            try await Task.sleep(for: .milliseconds(1))
            present = try await total(place, adding: 0)
        }
    }

    /// What all of them have counted there.
    func total(_ place: String, adding count: Int) async throws -> Int {
        try await client.send(["INCRBY", "bench:" + place, "\(count)"]).integer ?? 0
    }
}
