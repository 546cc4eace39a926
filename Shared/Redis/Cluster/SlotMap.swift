/// Which node of a cluster serves which slot, as one of them told.
struct SlotMap: Sendable {
    private(set) var masters: [RedisAddress] = []
    /// Masters and replicas.
    private(set) var addresses: Set<RedisAddress> = []
    /// For each slot the index of its master, or -1.
    private var owners = [Int16](repeating: -1, count: HashSlot.count)

    /// Nil unless `reply` is one of `CLUSTER SLOTS` that names a master.
    /// - Parameter asked: who answered; a node that names no host for another means its own.
    init?(_ reply: RedisValue, asked: RedisAddress) {
        for range in reply.array ?? [] { add(range.array ?? [], asked) }
        guard !masters.isEmpty else { return nil }
    }

    /// The master of a slot; nil when nobody serves it.
    subscript(slot: Int) -> RedisAddress? {
        let owner = Int(owners[slot])
        return owner < 0 ? nil : masters[owner]
    }

    /// `[first, last, [host, port, …] of the master, [host, port, …] of each replica]`.
    private mutating func add(_ range: [RedisValue], _ asked: RedisAddress) {
        let nodes = range.dropFirst(2).compactMap { Self.address($0.array ?? [], asked) }
        guard range.count > 2, let first = range[0].integer, let last = range[1].integer, let master = nodes.first,
            first >= 0, first <= last, last < HashSlot.count, masters.count < Int16.max
        else { return }
        addresses.formUnion(nodes)
        if !masters.contains(master) { masters.append(master) }
        let owner = Int16(masters.firstIndex(of: master) ?? -1)
        for slot in first...last { owners[slot] = owner }
    }

    private static func address(_ node: [RedisValue], _ asked: RedisAddress) -> RedisAddress? {
        guard node.count > 1, let port = node[1].integer, (1...65535).contains(port) else { return nil }
        let host = node[0].string ?? ""
        return RedisAddress(host: host.isEmpty || host == "?" ? asked.host : host, port: port)
    }
}
