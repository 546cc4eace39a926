import Events
import Logging

/// What the first try to settle did not end.
extension Processor {
    /// Settles with what is decided again when the state has moved meanwhile; waits when the bus is away.
    func goOn(_ decided: Decided, _ first: Result<SettleResult, BusError>) async {
        var (settlement, answer) = (decided.settlement, first)
        let delivery = decided.delivery
        var conflicts = 0
        while true {
            switch answer {
            case .success(.settled): return metrics.settled(delivery, settlement)
            case .success(.lostOwnership): return logger.notice("settled already, or another worker's now; nothing changed")
            case .success(.conflict):
                conflicts += 1
                guard conflicts <= 20 else { return await settle(delivery, firstOf: await restless(decided)) }
                try? await Task.sleep(for: .milliseconds(Int.random(in: 0...(conflicts * 5))))
                guard let next = await decide(delivery, decided.content) else { return }
                settlement = next
            case .failure(let error) where error.isRefusal:
                return await settle(delivery, firstOf: await refused(error, decided))
            case .failure: break
            }
            guard let next = await apply(delivery, settlement, after: answer) else { return }
            answer = next
        }
    }

    /// Settles with the first of the endings that the bus accepts.
    private func settle(_ delivery: Delivery, firstOf endings: [Settlement]) async {
        for ending in endings {
            switch await apply(delivery, ending) {
            case .success(.settled): return metrics.settled(delivery, ending)
            case .success(.conflict), .failure: continue
            case .success(.lostOwnership), nil: return
            }
        }
        logger.error("no end of this entry is accepted; it stays pending")
    }

    /// The bus away is waited out: repeating a settlement is safe, because only the owner's first one has an effect.
    /// - Returns: nil when cancelled. A failure is a refusal.
    private func apply(
        _ delivery: Delivery, _ settlement: Settlement, after last: Result<SettleResult, BusError>? = nil
    ) async -> Result<SettleResult, BusError>? {
        var backOff = BackOff(logging: throttle)
        if case .failure(let error) = last { await backOff.wait(logger, "cannot settle", error) }
        while !Task.isCancelled {
            do throws(BusError) { return .success(try await subscription.settle(delivery, settlement)) } catch {
                guard !error.isRefusal else { return .failure(error) }
                await backOff.wait(logger, "cannot settle", error)
            }
        }
        return nil
    }

    /// The ends of a delivery whose commit was overtaken again and again.
    private func restless(_ decided: Decided) async -> [Settlement] {
        let (delivery, failure) = (decided.delivery, Failure.transient("the state kept changing"))
        guard delivery.attempt >= policy.maxAttempts else {
            return [.retry(after: policy.delay(after: delivery.attempt), reason: failure.reason)]
        }
        return await endings(.attemptsExhausted, failure, decided)
    }

    /// The ends of a delivery whose commit the bus refuses for good.
    private func refused(_ error: BusError, _ decided: Decided) async -> [Settlement] {
        await endings(.permanent, .permanent("the bus refuses its commit: \(error)"), decided)
    }

    private func endings(_ reason: DeadReason, _ failure: Failure, _ decided: Decided) async -> [Settlement] {
        let silent = Settlement.reject(reason, detail: failure.reason, .nothing)
        guard case .payload(.event(let event)) = decided.content else { return [silent] }
        return [await giveUp(reason, decided.delivery, failure, event), silent]
    }
}
