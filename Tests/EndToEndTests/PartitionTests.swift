import Events
import Foundation
import TestSupport
import Testing

/// The whole pipeline with its bus in slices.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct PartitionTests {
    private static let partitions = 4

    @Test("on a Redis Cluster of which a master dies meanwhile: all is ready, each revision is told once, lists hold all")
    func cluster() async throws {
        let cluster = try await RedisCluster.start()
        let lost = try await cluster.master(of: "{mr:1}")
        let other = try #require(cluster.nodes.first { $0 !== lost })
        let stack = try await RunningStack.start(
            environment: [
                "REDIS_URL": "redis://\(cluster.hosts)", "MILLRACE_PARTITIONS": String(Self.partitions),
                "MILLRACE_VISIBILITY": "3s",
            ], redisPort: other.port)
        let picture = try Samples.small
        let before = try await stack.uploadMany(12, picture)
        // What was acknowledged to clients has reached the replica; the work goes on.
        try await cluster.settle(lost)
        lost.stop()
        let during = try await stack.uploadMany(8, picture)
        for id in before + during { #expect(try await stack.finished(id).status == .ready) }
        try await expectEachRevisionOnce(before + during, of: stack, partitions: Self.partitions)
        #expect(try await listed(by: stack) == (before + during).sorted(by: >))
        try await stack.stop()
    }

    /// The ids of all pages, in their order.
    private func listed(by stack: RunningStack) async throws -> [MediaID] {
        var (ids, cursor) = ([MediaID](), "")
        repeat {
            let page = try await stack.call("GET", "/api/v2/media?projectId=demo&status=ready&limit=7\(cursor)").json
            let items = (page["items"] as? [[String: Any]] ?? []).compactMap { $0["mediaId"] as? String }
            ids += items.compactMap { MediaID($0) }
            cursor = (page["nextCursor"] as? String).map { "&cursor=\($0)" } ?? ""
        } while !cursor.isEmpty
        return ids
    }
}
