import Events
import Messaging
import Redis
import RedisBus
import TestSupport
import Testing

/// A random interleaving of everything that moves entries, with a record of what each group has still to do.
struct TrimPlay {
    private struct Member {
        let group: Group
        let subscription: any Subscription
        var held: [Delivery] = []
    }

    private let test: TestBus
    private var random: SeededGenerator
    private var members: [Member] = []
    private var published = 0
    private var needed: [Group: Set<String>] = [.probe: [], .other: []]

    init(seed: UInt64) async throws {
        test = try await TestBus(visibility: .milliseconds(40))
        random = SeededGenerator(seed: seed)
    }

    mutating func step() async throws {
        switch Int.random(in: 0..<12, using: &random) {
        case 0...2: try await publish()
        case 3: try await join()
        case 4...5: try await receive()
        case 6...9: try await settle()
        case 10: leave()
        default: try await disturb()
        }
    }

    /// Every group does everything that it has still to do.
    mutating func finish() async throws {
        members = []
        for group in TrimTests.groups { try await join(group) }
        try await eventually("all is done") {
            for index in members.indices {
                members[index].held += try await members[index].subscription.receive(limit: 20)
                while let delivery = members[index].held.popLast() { try await end(delivery, of: index, .done(.nothing)) }
            }
            return needed.values.allSatisfy(\.isEmpty)
        }
    }

    /// Whatever a group has still to do lies in the stream, or in the group's own retries.
    func expectNothingLost() async throws {
        let stream = TrimTests.stream
        let inStream = try await payloads((0..<stream.lanes).map { RedisKeys.stream(0, stream.name, lane: $0) })
        let delayed = try await test.client.send(["ZRANGE", RedisKeys.delayed(0), "0", "-1"]).array?.compactMap(\.string) ?? []
        for (group, payloads) in needed {
            let retry = RedisKeys.retry(0, stream.name, group: group.rawValue)
            let later = delayed.filter { $0.contains("\n\(retry)\n") }.compactMap {
                $0.split(separator: "\n").last.map(String.init)
            }
            let there = inStream.union(later).union(try await self.payloads([retry]))
            #expect(payloads.isSubset(of: there), "\(group.rawValue) lost \(payloads.subtracting(there))")
        }
    }

    func left() async throws -> Int { try await test.length(of: TrimTests.stream) }

    private func payloads(_ keys: [String]) async throws -> Set<String> {
        let replies = try await test.client.pipeline(keys.map { ["XRANGE", $0, "-", "+"] })
        let entries = replies.flatMap { $0.array ?? [] }
        return Set(entries.compactMap { $0.array?.last?.array?.dropFirst().first?.string })
    }

    private mutating func publish() async throws {
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            published += 1
            let output = Output(stream: TrimTests.stream, payload: "p\(published)")
            let commit = Commit(.generate(), outputs: [output]).inLane(Int.random(in: 0...3, using: &random))
            _ = try await test.bus.commit(commit)
            for group in TrimTests.groups { needed[group]?.insert(output.payload) }
        }
    }

    private mutating func join(_ group: Group? = nil) async throws {
        guard let group = group ?? TrimTests.groups.randomElement(using: &random) else { return }
        members.append(Member(group: group, subscription: try await test.bus.subscribe(group, to: [TrimTests.stream])))
    }

    private mutating func receive() async throws {
        guard let index = members.indices.randomElement(using: &random) else { return }
        // An empty-handed receive waits: only now and then.
        guard try await left() > 0 || Int.random(in: 0..<10, using: &random) == 0 else { return }
        members[index].held += try await members[index].subscription.receive(limit: Int.random(in: 1...6, using: &random))
    }

    private mutating func settle() async throws {
        guard let index = members.indices.randomElement(using: &random) else { return }
        members[index].held.shuffle(using: &random)
        for _ in 0..<3 {
            guard let delivery = members[index].held.popLast() else { return }
            switch Int.random(in: 0..<8, using: &random) {
            case 0: try await end(delivery, of: index, .retry(after: .milliseconds(Int.random(in: 0...60)), reason: "test"))
            case 1: try await end(delivery, of: index, .reject(.permanent, detail: "test", .nothing))
            case 2: try await members[index].subscription.release([delivery])
            default: try await end(delivery, of: index, .done(.nothing))
            }
        }
    }

    private mutating func end(_ delivery: Delivery, of index: Int, _ settlement: Settlement) async throws {
        let result = try await members[index].subscription.settle(delivery, settlement)
        if case .retry = settlement { return }
        if result == .settled {
            #expect(needed[members[index].group]?.remove(delivery.payload) != nil, "\(delivery.payload) was done twice")
        }
    }

    /// Dies with what it holds; others take that over.
    private mutating func leave() {
        guard members.count > 2, let index = members.indices.randomElement(using: &random) else { return }
        members.remove(at: index)
    }

    private mutating func disturb() async throws {
        guard let group = TrimTests.groups.randomElement(using: &random) else { return }
        let lane = Int.random(in: 0...3, using: &random)
        let key = RedisKeys.stream(0, TrimTests.stream.name, lane: lane)
        _ = try await test.client.pipeline([["XGROUP", "DESTROY", key, group.rawValue], ["SCRIPT", "FLUSH"]])
    }
}
