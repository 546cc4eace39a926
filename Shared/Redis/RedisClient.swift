import Synchronization

/// The Redis behind a URL, be it one server or a cluster: many callers share one connection to each node, pipelined.
///
/// In a cluster each command goes to the node that serves its key and follows it where it moves. A command that may have been
/// applied is never repeated: its caller gets `.unavailable` or `.timeout` and decides.
///
/// `XREAD` and `XREADGROUP` with `BLOCK` need a client of their own, whose `commandTimeout` exceeds the block; cancelling
/// the task interrupts them and what was sent together with them, which may or may not have been applied.
package final class RedisClient: Sendable {
    package let url: RedisURL
    private let name: String
    private let timeout: Duration
    private let topology: Topology
    /// Where there is no cluster.
    private let single: RedisNode
    private let nodes = Mutex<[RedisAddress: RedisNode]>([:])

    /// - Parameters:
    ///   - name: what `CLIENT LIST` shows.
    ///   - commandTimeout: for connecting, and for each wait for an answer.
    package convenience init(_ url: RedisURL, name: String, commandTimeout: Duration = .seconds(5)) {
        self.init(url, name, commandTimeout, Topology(url, name: name, timeout: commandTimeout))
    }

    private init(_ url: RedisURL, _ name: String, _ timeout: Duration, _ topology: Topology) {
        self.url = url
        self.name = name
        self.timeout = timeout
        self.topology = topology
        single = RedisNode(url, name: name, timeout: timeout)
    }

    /// A client with connections of its own that shares what this one knows of the cluster.
    package func sibling(_ name: String) -> RedisClient { RedisClient(url, name, timeout, topology) }

    /// Where the answers of a server arrive that is no cluster; a thread like any other where it is one.
    package var executor: any TaskExecutor { single.executor }

    /// Whether a command may name keys of one slot only.
    package var isCluster: Bool {
        get async throws(RedisError) { try await topology.slots() != nil }
    }

    /// Sends one command. An error reply is thrown, see `RedisError.init(reply:)`.
    package func send(_ command: [String]) async throws(RedisError) -> RedisValue {
        guard let reply = try await pipeline([RedisCommand(command)]).first else { throw RedisError(.unavailable, "no reply") }
        if let error = reply.error { throw RedisError(reply: error) }
        return reply
    }

    /// Sends commands together and returns a reply for each; error replies are values. Those of one slot are in order, but
    /// not a transaction. Of a cluster some nodes may be away: then their replies are `UNAVAILABLE …`.
    package func pipeline(_ commands: [[String]]) async throws(RedisError) -> [RedisValue] {
        try await pipeline(commands.map { RedisCommand($0) })
    }

    /// The same with commands whose arguments are written already.
    package func pipeline(_ commands: [RedisCommand]) async throws(RedisError) -> [RedisValue] {
        guard !commands.isEmpty else { return [] }
        guard commands.allSatisfy({ !$0.words.isEmpty }) else { throw RedisError(.invalid, "an empty command") }
        guard let slots = try await topology.slots() else { return try await single.pipeline(commands) }
        var pipeline = ClusterPipeline(slots, topology) { [self] in node($0, slots) }
        return try await pipeline.run(commands)
    }

    /// Sends commands to every server that accepts writes, and returns the replies of each.
    package func pipelineEverywhere(_ commands: [RedisCommand]) async throws(RedisError) -> [[RedisValue]] {
        guard let slots = try await topology.slots() else { return [try await single.pipeline(commands)] }
        var replies: [[RedisValue]] = []
        for address in slots.masters {
            do { replies.append(try await node(address, slots).pipeline(commands)) } catch {
                topology.failed(address)
                throw error
            }
        }
        return replies
    }

    /// Closes the connections once what was sent before has been answered. A later command opens them again.
    package func close() async {
        await single.close()
        for node in nodes.withLock({ Array($0.values) }) { await node.close() }
    }

    private func node(_ address: RedisAddress, _ slots: SlotMap) -> RedisNode {
        nodes.withLock { nodes in
            if let node = nodes[address] { return node }
            nodes = nodes.filter { slots.addresses.contains($0.key) }
            let node = RedisNode(url.at(address), name: name, timeout: timeout)
            nodes[address] = node
            return node
        }
    }
}
