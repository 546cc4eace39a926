package import Redis

/// A private Redis Cluster on loopback: masters that share the slots evenly, each with a replica that takes its place a
/// second or two after it has gone.
package final class RedisCluster: Sendable {
    /// Of one node, with every right: who knows one knows them all.
    package var url: RedisURL { nodes[0].url }
    package let nodes: [RedisServer]

    /// Starts the servers and waits until they serve every slot with their replicas in step.
    package static func start(
        masters: Int = 3, _ features: RedisServer.Features = RedisServer.Features()
    ) async throws -> RedisCluster {
        var features = features
        features.isNode = true
        let nodes = try await withThrowingTaskGroup(of: RedisServer.self) { [features] tasks in
            for _ in 0..<2 * masters { tasks.addTask { try await .start(features) } }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        let cluster = RedisCluster(nodes)
        try await cluster.join()
        try await cluster.share(HashSlot.count, over: masters)
        try await eventually("the cluster serves") { try await cluster.isWhole }
        return cluster
    }

    private init(_ nodes: [RedisServer]) { self.nodes = nodes }

    /// The hosts of all nodes, for a URL.
    package var hosts: String { nodes.map { "127.0.0.1:\($0.url.port)" }.joined(separator: ",") }

    private func join() async throws {
        for (index, node) in nodes.enumerated() {
            _ = try await node.send(["CLUSTER", "SET-CONFIG-EPOCH", "\(index + 1)"])
            _ = try await nodes[0].send(["CLUSTER", "MEET", "127.0.0.1", "\(node.url.port)", "\(node.busPort)"])
        }
        try await eventually("all know each other") {
            for node in nodes {
                let lines = try await node.send(["CLUSTER", "NODES"]).string?.split(separator: "\n") ?? []
                guard lines.count == nodes.count, !lines.contains(where: { $0.contains("handshake") }) else { return false }
            }
            return true
        }
    }

    private func share(_ slots: Int, over masters: Int) async throws {
        for index in 0..<masters {
            let range = [slots * index / masters, slots * (index + 1) / masters - 1].map(String.init)
            _ = try await nodes[index].send(["CLUSTER", "ADDSLOTSRANGE"] + range)
            let id = try await id(of: nodes[index])
            _ = try await nodes[masters + index].send(["CLUSTER", "REPLICATE", id])
        }
    }

    /// Whether every node sees every slot served, and every replica has its master's data.
    package var isWhole: Bool {
        get async throws {
            for node in nodes {
                let (info, role) = (try await node.send(["CLUSTER", "INFO"]).string, try await node.send(["ROLE"]).array)
                guard info?.contains("cluster_state:ok") == true, let role else { return false }
                if role[0] == .string("slave"), role[3] != .string("connected") { return false }
                if role[0] == .string("master"), role[2].array?.isEmpty == true { return false }
            }
            return true
        }
    }

    /// The node that serves a key.
    /// - Parameter mute: does not answer at the moment.
    package func master(of key: String, notAsking mute: RedisServer? = nil) async throws -> RedisServer {
        let slot = HashSlot.of(key)
        for node in nodes where node !== mute {
            guard let ranges = try? await node.send(["CLUSTER", "SLOTS"]).array else { continue }
            let range = ranges.compactMap(\.array).first { ($0[0].integer ?? 0)...($0[1].integer ?? -1) ~= slot }
            let port = range?[2].array?[1].integer
            if let master = nodes.first(where: { $0.url.port == port }) { return master }
        }
        throw ProcessError(description: "no node serves \(key)")
    }

    /// Waits until the replica of a master has all that the master has now.
    package func settle(_ master: RedisServer) async throws {
        try await eventually("the replica is in step") {
            // WAIT waits for what was written before its connection's last command.
            _ = try await master.send(["PING"])
            return try await master.send(["WAIT", "1", "1000"]) == .integer(1)
        }
    }

    /// Empties every node.
    package func flushAll() async throws {
        for node in nodes where try await node.send(["ROLE"]).array?.first == .string("master") { try await node.flushAll() }
    }

    func id(of node: RedisServer) async throws -> String { try await node.send(["CLUSTER", "MYID"]).string ?? "" }
}
