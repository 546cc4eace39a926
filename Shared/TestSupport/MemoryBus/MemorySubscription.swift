import Events
import Messaging

/// One consumer of a group in memory.
struct MemorySubscription: Subscription {
    let bus: MemoryBus
    let group: Group
    let streams: [Stream]
    let consumer: Int

    func receive(limit: Int) async throws(BusError) -> [Delivery] {
        let deadline = ContinuousClock.now + .seconds(1)
        while true {
            let deliveries = await bus.take(limit, group, streams, consumer)
            guard deliveries.isEmpty, ContinuousClock.now < deadline, !Task.isCancelled else { return deliveries }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    func settle(_ endings: [(delivery: Delivery, settlement: Settlement)]) async -> [Result<SettleResult, BusError>] {
        var answers: [Result<SettleResult, BusError>] = []
        for (delivery, settlement) in endings {
            do throws(BusError) {
                answers.append(.success(try await bus.settle(delivery, settlement, consumer)))
            } catch { answers.append(.failure(error)) }
        }
        return answers
    }

    func heartbeat(_ deliveries: [Delivery]) async throws(BusError) -> [Bool] {
        var owned: [Bool] = []
        for delivery in deliveries { owned.append(await bus.keep(delivery, consumer)) }
        return owned
    }

    func release(_ deliveries: [Delivery]) async throws(BusError) {
        for delivery in deliveries { await bus.release(delivery, consumer) }
    }

    func close() async {}
}
