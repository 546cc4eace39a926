import Events
import FoundationEssentials
import Messaging

/// Adds a line to the journal to every commit that ends a delivery, so that the journal shows what took effect.
struct JournalingBus: Bus {
    let bus: any Bus
    let worker: String

    func commit(_ commit: Commit) async throws(BusError) -> CommitResult { try await bus.commit(commit) }

    func subscribe(_ group: Group, to streams: [Stream]) async throws(BusError) -> any Subscription {
        let inner = try await bus.subscribe(group, to: streams)
        return JournalingSubscription(inner: inner, worker: worker)
    }
}

private struct JournalingSubscription: Subscription {
    let inner: any Subscription
    let worker: String

    var executors: (receive: (any TaskExecutor)?, settle: (any TaskExecutor)?) { inner.executors }

    func receive(limit: Int) async throws(BusError) -> [Delivery] { try await inner.receive(limit: limit) }

    func settle(_ endings: [(delivery: Delivery, settlement: Settlement)]) async -> [Result<SettleResult, BusError>] {
        await inner.settle(endings.map { ($0.delivery, journaled($0.delivery, $0.settlement)) })
    }

    private func journaled(_ delivery: Delivery, _ settlement: Settlement) -> Settlement {
        guard case .done(let commit) = settlement, let media = commit.mediaId, let line = line(delivery) else {
            return settlement
        }
        let outputs = commit.outputs + [Output(stream: Course.journal, payload: line)]
        return .done(Commit(media, changes: commit.changes, outputs: outputs))
    }

    func heartbeat(_ deliveries: [Delivery]) async throws(BusError) -> [Bool] { try await inner.heartbeat(deliveries) }

    func release(_ deliveries: [Delivery]) async throws(BusError) { try await inner.release(deliveries) }

    func close() async { await inner.close() }

    private func line(_ delivery: Delivery) -> String? {
        struct Body: Decodable {
            struct Numbered: Decodable { let number: Int }
            let data: Numbered
        }
        let payload = Data(delivery.payload.utf8)
        guard let body = try? JSONDecoder().decode(Body.self, from: payload), body.data.number >= 0 else { return nil }
        let line = JournalLine(
            group: delivery.group.rawValue, number: body.data.number, worker: worker, attempt: delivery.attempt,
            deliveries: delivery.deliveries, source: delivery.id.source, since: milliseconds(of: delivery.id.entry))
        return try? line.text()
    }
}

extension Encodable {
    func text() throws -> String { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
}

/// The time at which Redis named an entry, in milliseconds since 1970.
func milliseconds(of entry: String) -> Int { Int(entry.prefix { $0 != "-" }) ?? 0 }
