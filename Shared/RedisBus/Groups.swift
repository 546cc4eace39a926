import Events
import Messaging
import Redis
import Synchronization

/// Creates the consumer groups of streams, from their beginning, so that no entry is trimmed before a group has joined.
final class Groups: Sendable {
    private let client: RedisClient
    private let known = Mutex<Set<Source>>([])

    init(_ client: RedisClient) { self.client = client }

    /// Creates what this process has not created yet.
    func ensure(_ sources: [Source]) async throws(BusError) {
        let missing = known.withLock { known in sources.filter { !known.contains($0) } }
        if !missing.isEmpty { try await create(missing) }
    }

    /// Creates all groups of the sources; those that exist stay as they are.
    func create(_ sources: [Source]) async throws(BusError) {
        let commands = sources.flatMap { source in
            source.groups.map { ["XGROUP", "CREATE", source.key, $0.rawValue, "0", "MKSTREAM"] }
        }
        do throws(RedisError) {
            for reply in try await client.pipeline(commands) {
                if let error = reply.error, !error.hasPrefix("BUSYGROUP") { throw RedisError(.server, error) }
            }
        } catch { throw BusError(error.description, isRefusal: error.description.hasPrefix("WRONGTYPE")) }
        known.withLock { $0.formUnion(sources) }
    }
}
