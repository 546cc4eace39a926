// Stands in until this room has its real files, so that Launch and the services compile: delete it with their arrival.
package import Events
package import Logging
package import Messaging
package import Redis

package struct RedisBusOptions: Sendable {
    package var partitions = 1; package var visibility: Duration = .seconds(60); package var allowEviction = false;
    package init() {}
}
package struct StreamStatistics: Sendable {
    package let stream: Stream; package let group: Group; package let lag: Int; package let pending: Int;
    package let oldestPendingSeconds: Double; package let deadLetters: Int
}
package struct RedisBus: Bus {
    package init(url: RedisURL, options: RedisBusOptions, logger: Logger) {}
    package func checkServer() async throws {}
    package func close() async {}
    package func statistics(of: [Stream]) async throws -> [StreamStatistics] { [] }
    package func commit(_ commit: Commit) async throws(BusError) -> CommitResult { .committed }
    package func subscribe(_ group: Group, to streams: [Stream]) async throws(BusError) -> any Subscription { throw BusError("") }
}
