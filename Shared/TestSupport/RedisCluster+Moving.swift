import Redis

extension RedisCluster {
    /// A slot on its way from one node to another, as an operator moves it.
    package struct Move: Sendable {
        let cluster: RedisCluster
        let slot: String
        package let source: RedisServer
        package let target: RedisServer

        /// Moves at most so many keys.
        /// - Returns: how many have moved.
        package func moveKeys(_ count: Int) async throws -> Int {
            let keys = try await source.send(["CLUSTER", "GETKEYSINSLOT", slot, "\(count)"]).array?.compactMap(\.string) ?? []
            guard !keys.isEmpty else { return 0 }
            _ = try await source.send(
                ["MIGRATE", "127.0.0.1", "\(target.url.port)", "", "0", "5000", "KEYS"] + keys)
            return keys.count
        }

        /// Moves the rest and makes the target the slot's master.
        package func finish() async throws {
            while try await moveKeys(100) > 0 {}
            let id = try await cluster.id(of: target)
            for node in [target, source] { _ = try await node.send(["CLUSTER", "SETSLOT", slot, "NODE", id]) }
        }
    }

    /// Begins to move the slot of a key to another master.
    package func move(slotOf key: String) async throws -> Move {
        let source = try await master(of: key)
        var masters: [RedisServer] = []
        for node in nodes where node !== source {
            if try await node.send(["ROLE"]).array?.first == .string("master") { masters.append(node) }
        }
        guard let target = masters.randomElement() else { throw ProcessError(description: "no other master") }
        let slot = "\(HashSlot.of(key))"
        _ = try await target.send(["CLUSTER", "SETSLOT", slot, "IMPORTING", try await id(of: source)])
        _ = try await source.send(["CLUSTER", "SETSLOT", slot, "MIGRATING", try await id(of: target)])
        return Move(cluster: self, slot: slot, source: source, target: target)
    }
}
