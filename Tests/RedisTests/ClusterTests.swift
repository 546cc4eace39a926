import TestSupport
import Testing

@testable import Redis

/// Against a real cluster of three masters with a replica each.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ClusterTests {
    private static let shared = Task { try await RedisCluster.start() }
    let cluster: RedisCluster
    let client: RedisClient

    init() async throws {
        cluster = try await Self.shared.value
        client = RedisClient(try RedisURL("redis://\(cluster.hosts)"), name: "cluster test", commandTimeout: .seconds(2))
        try await eventually("the cluster is whole") { (try? await cluster.isWhole) ?? false }
    }

    /// Spread over all nodes.
    private let keys = (0..<100).map { "{mr:\($0 / 4)}:key:\($0)" }

    @Test func agreesWithRedisOnSlots() async throws {
        #expect(HashSlot.crc16("123456789".utf8) == 0x31C3, "the vector of the specification")
        for key in ["", "a", "{mr:0}:x", "{mr:1023}:stream:step", "{}a", "a{}", "a{b}c", "{{b}}", "a{b", "}{b}", "häß{ö}"] {
            let slot = try await cluster.nodes[0].send(["CLUSTER", "KEYSLOT", key])
            #expect(slot == .integer(HashSlot.of(key)), "\(key)")
        }
    }

    @Test func sendsEachCommandToItsNode() async throws {
        #expect(try await client.isCluster)
        _ = try await client.pipeline(keys.map { ["SET", $0, "value of \($0)"] })
        let replies = try await client.pipeline(keys.map { ["GET", $0] })
        #expect(replies == keys.map { .string("value of \($0)") })
        let lengths = try await client.pipelineEverywhere([["DBSIZE"]]).map { $0[0].integer ?? 0 }
        #expect(lengths.count == 3 && lengths.allSatisfy { $0 > 0 })
        let untagged = RedisClient(cluster.url, name: "untagged")
        for key in ["a", "b", "c", "d", "e"] { #expect(try await untagged.send(["SET", key, "1"]) == .status("OK")) }
    }

    @Test func onePortOfTheClusterIsEnough() async throws {
        for node in cluster.nodes {
            let client = RedisClient(node.url, name: "one")
            #expect(try await client.send(["SET", keys[0], "1"]) == .status("OK"))
        }
    }

    @Test func findsTheClusterWhenTheFirstHostIsAway() async throws {
        let away = try freePort()
        let url = try RedisURL("redis://127.0.0.1:\(away),127.0.0.1:\(cluster.nodes[1].url.port)")
        #expect(try await RedisClient(url, name: "half").isCluster)
    }

    @Test func severalHostsMustBeACluster() async throws {
        let server = try await RedisServer.start()
        let url = try RedisURL("redis://127.0.0.1:\(server.url.port),127.0.0.1:\(server.url.port)")
        await #expect { try await RedisClient(url, name: "two").send(["PING"]) } throws: { ($0 as? RedisError)?.code == .invalid }
        #expect(try await !RedisClient(server.url, name: "one").isCluster)
    }

    @Test func followsASlotThatMoves() async throws {
        let key = keys[0]
        let others = (0..<20).map { "{mr:0}:other:\($0)" }
        _ = try await client.pipeline(([key] + others).map { ["SET", $0, "here"] })
        let move = try await cluster.move(slotOf: key)
        var moved = 0
        while case let count = try await move.moveKeys(1), count > 0 {
            moved += count
            #expect(try await client.pipeline(others.map { ["GET", $0] }) == others.map { _ in .string("here") })
            #expect(try await client.send(["SET", "{mr:0}:new:\(moved)", "there"]) == .status("OK"))
        }
        #expect(moved > 20)
        #expect(try await move.target.send(["CLUSTER", "COUNTKEYSINSLOT", "\(HashSlot.of(key))"]).integer ?? 0 > moved)
        await #expect { try await client.send(["MGET", key, "{mr:0}:none"]) } throws: {
            ($0 as? RedisError)?.code == .unavailable && "\($0)".hasPrefix("TRYAGAIN")
        }
        try await move.finish()
        #expect(try await client.pipeline(others.map { ["GET", $0] }) == others.map { _ in .string("here") })
        #expect(try await client.send(["MGET", key, "{mr:0}:none"]) == .array([.string("here"), .null]))
        #expect(try await cluster.master(of: key) === move.target)
    }

    @Test func aBlockingReadFollowsItsSlotToo() async throws {
        let key = "{mr:5}:stream"
        _ = try await client.send(["XADD", key, "1-1", "a", "b"])
        let reader = client.sibling("reader")
        let task = Task { try await reader.send(["XREAD", "BLOCK", "0", "STREAMS", key, "1-1"]) }
        try await eventually("it blocks") {
            try await cluster.master(of: key).send(["CLIENT", "LIST"]).string?.contains("cmd=xread") ?? false
        }
        try await cluster.move(slotOf: key).finish()
        _ = try await client.send(["XADD", key, "1-2", "a", "b"])
        #expect(try await task.value.array?.count == 1)
    }

    @Test func theOthersAnswerWhileANodeIsAway() async throws {
        _ = try await client.pipeline(keys.map { ["SET", $0, "kept"] })
        let lost = try await cluster.master(of: keys[0])
        try await cluster.settle(lost)
        var mine: Set<String> = []
        for key in keys where try await cluster.master(of: key) === lost { mine.insert(key) }
        lost.stop()
        let replies = try await client.pipeline(keys.map { ["GET", $0] })
        for (key, reply) in zip(keys, replies) where mine.contains(key) {
            #expect(reply.error.map { RedisError(reply: $0).code == .unavailable } == true, "\(key): \(reply)")
        }
        #expect(zip(keys, replies).allSatisfy { mine.contains($0) || $1 == .string("kept") })
        await #expect { try await client.send(["GET", keys[0]]) } throws: { ($0 as? RedisError)?.code == .unavailable }
        try await eventually("a replica takes its place, with all that was kept") {
            let replies = try? await client.pipeline(keys.map { ["GET", $0] })
            return replies?.allSatisfy { $0 == .string("kept") } ?? false
        }
        try await lost.restart()
    }

    @Test(arguments: [
        ("MOVED 3999 127.0.0.1:6381", "127.0.0.1", false), ("ASK 3999 ::1:6381", "::1", true),
        ("MOVED 3999 redis.example:6381", "redis.example", false), ("MOVED 3999 :6381", "asked", false),
        ("MOVED 3999 ?:6381", "asked", false),
    ])
    func readsRedirections(_ text: String, _ host: String, _ isAsk: Bool) throws {
        let next = try #require(Redirection(text, asked: RedisAddress(host: "asked", port: 1)))
        #expect(next.address == RedisAddress(host: host, port: 6381) && next.slot == 3999 && next.isAsk == isAsk)
    }

    @Test(arguments: [
        "MOVED", "MOVED 1", "MOVED x a:1", "MOVED 16384 a:1", "MOVED -1 a:1", "MOVED 1 a", "MOVED 1 a:0", "MOVED 1 a:65536",
        "ASKING 1 a:1", "ERR",
    ])
    func ignoresWhatIsNoRedirection(_ text: String) {
        #expect(Redirection(text, asked: RedisAddress(host: "asked", port: 1)) == nil)
    }

    @Test func readsOddMaps() {
        let asked = RedisAddress(host: "asked", port: 1)
        let node = RedisValue.array([.string(""), .integer(7), .string("id")])
        #expect(SlotMap(.array([.array([.integer(0), .integer(5), node])]), asked: asked)?[5]?.host == "asked")
        for (first, last) in [(-1, 5), (5, 1), (0, 16_384)] {
            #expect(SlotMap(.array([.array([.integer(first), .integer(last), node])]), asked: asked) == nil)
        }
        for reply in [.null, .array([]), .array([.null]), .array([.array([.integer(0), .integer(5)])])] as [RedisValue] {
            #expect(SlotMap(reply, asked: asked) == nil)
        }
    }
}
