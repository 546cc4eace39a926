/// Commands on their way to the nodes that serve their keys; the replies come in the commands' order.
struct ClusterPipeline {
    private struct Item: Sendable {
        let index: Int
        let command: RedisCommand
        /// It follows a slot that is moving.
        let isAsking: Bool
    }

    private typealias Answer = (address: RedisAddress, items: [Item], result: Result<[RedisValue], RedisError>)

    /// A command is sent on so often; more often only a cluster that contradicts itself would have it.
    private static let rounds = 5
    private let slots: SlotMap
    private let topology: Topology
    private let node: @Sendable (RedisAddress) -> RedisNode
    private var replies: [RedisValue] = []
    private var failures: [RedisError] = []

    init(_ slots: SlotMap, _ topology: Topology, node: @escaping @Sendable (RedisAddress) -> RedisNode) {
        self.slots = slots
        self.topology = topology
        self.node = node
    }

    /// - Throws: when no command got an answer. Where some did, `UNAVAILABLE …` stands in place of the others' replies.
    mutating func run(_ commands: [RedisCommand]) async throws(RedisError) -> [RedisValue] {
        replies = Array(repeating: .null, count: commands.count)
        var waiting = Dictionary(grouping: commands.indices.map { Item(index: $0, command: commands[$0], isAsking: false) }) {
            address(of: $0.command)
        }
        for _ in 0..<Self.rounds where !waiting.isEmpty {
            let answers = await send(waiting)
            waiting = [:]
            for answer in answers { note(answer, &waiting) }
        }
        if let failure = failures.first, failures.count == commands.count { throw failure }
        return replies
    }

    /// Who serves the first argument with a hash tag, which all our keys have; somebody for a command without.
    private func address(of command: RedisCommand) -> RedisAddress {
        let key = command.words.dropFirst().first { $0.utf8.first == UInt8(ascii: "{") }
        let somebody = slots.masters.randomElement() ?? slots.masters[0]
        return key.flatMap { slots[HashSlot.of($0)] } ?? somebody
    }

    private func send(_ waiting: [RedisAddress: [Item]]) async -> [Answer] {
        if waiting.count == 1, let (address, items) = waiting.first { return [await Self.send(items, address, node(address))] }
        return await withTaskGroup(of: Answer.self) { tasks in
            for (address, items) in waiting {
                let node = node(address)
                tasks.addTask { await Self.send(items, address, node) }
            }
            return await tasks.reduce(into: []) { $0.append($1) }
        }
    }

    private static func send(_ items: [Item], _ address: RedisAddress, _ node: RedisNode) async -> Answer {
        do throws(RedisError) {
            let replies = try await node.pipeline(items.flatMap { $0.isAsking ? [["ASKING"], $0.command] : [$0.command] })
            var next = replies.makeIterator()
            return (
                address, items,
                .success(
                    items.map { item in
                        if item.isAsking { _ = next.next() }
                        return next.next() ?? .null
                    })
            )
        } catch { return (address, items, .failure(error)) }
    }

    /// Keeps the replies, and the commands that have to go elsewhere.
    private mutating func note(_ answer: Answer, _ waiting: inout [RedisAddress: [Item]]) {
        switch answer.result {
        case .success(let values):
            for (item, value) in zip(answer.items, values) { note(value, of: item, from: answer.address, &waiting) }
        case .failure(let error):
            if !Task.isCancelled { topology.failed(answer.address) }
            for item in answer.items {
                replies[item.index] = .error("UNAVAILABLE \(answer.address): \(error)")
                failures.append(error)
            }
        }
    }

    private mutating func note(
        _ value: RedisValue, of item: Item, from address: RedisAddress, _ waiting: inout [RedisAddress: [Item]]
    ) {
        replies[item.index] = value
        guard let error = value.error else { return }
        guard let next = Redirection(error, asked: address) else {
            if error.hasPrefix("CLUSTERDOWN ") { topology.failed(address) }
            return
        }
        if !next.isAsk { topology.moved(next.slot, to: next.address) }
        waiting[next.address, default: []].append(Item(index: item.index, command: item.command, isAsking: next.isAsk))
    }
}
