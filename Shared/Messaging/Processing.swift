import Events
import FoundationEssentials
import Logging

/// One delivery from its payload to its settlement.
struct Processing: Sendable {
    let delivery: Delivery
    let route: @Sendable (String) -> Route?
    let policy: RetryPolicy
    let subscription: any Subscription
    let metrics: ConsumerMetrics
    let logger: Logger

    private var payload: Data { Data(delivery.payload.utf8) }

    func run() async {
        guard let header = try? EventCoding.decode(EnvelopeHeader.self, from: payload), header.specversion == "1.0" else {
            return await settle(nil) { .reject(.malformed, detail: "not a CloudEvents 1.0 envelope", .nothing) }
        }
        let context = LogContext(mediaId: header.subject, traceparent: header.traceparent, eventId: header.id)
        await LogContext.$current.withValue(context) {
            guard let route = route(header.type) else {
                return await settle(nil) { .reject(.unknownType, detail: header.type, .nothing) }
            }
            await settle(route) { await decide(route) }
        }
    }

    /// Settles with what `decide` says, and asks again when the state has moved meanwhile.
    private func settle(_ route: Route?, _ decide: () async -> Settlement?) async {
        for round in 1...20 {
            guard let settlement = await decide() else { return }
            switch await apply(settlement) {
            case .applied(.settled): return metrics.settled(delivery, settlement)
            case .applied(.lostOwnership): return logger.notice("settled already, or another worker's now; nothing changed")
            case .applied(.conflict): try? await Task.sleep(for: .milliseconds(Int.random(in: 0...(round * 5))))
            case .refused(let error): return await settle(firstOf: await refused(error, route))
            case .cancelled: return
            }
        }
        await settle(firstOf: await restless(route))
    }

    /// Settles with the first of the endings that the bus accepts.
    private func settle(firstOf endings: [Settlement]) async {
        for ending in endings {
            switch await apply(ending) {
            case .applied(.settled): return metrics.settled(delivery, ending)
            case .applied(.conflict), .refused: continue
            case .applied(.lostOwnership), .cancelled: return
            }
        }
        logger.error("no end of this entry is accepted; it stays pending")
    }

    /// The ends of a delivery whose commit was overtaken again and again.
    private func restless(_ route: Route?) async -> [Settlement] {
        let failure = Failure.transient("the state kept changing")
        guard delivery.attempt >= policy.maxAttempts else {
            return [.retry(after: policy.delay(after: delivery.attempt), reason: failure.reason)]
        }
        return await endings(.attemptsExhausted, failure, route)
    }

    /// The ends of a delivery whose commit the bus refuses for good.
    private func refused(_ error: BusError, _ route: Route?) async -> [Settlement] {
        await endings(.permanent, .permanent("the bus refuses its commit: \(error)"), route)
    }

    private func endings(_ reason: DeadReason, _ failure: Failure, _ route: Route?) async -> [Settlement] {
        let silent = Settlement.reject(reason, detail: failure.reason, .nothing)
        guard let route else { return [silent] }
        return [await giveUp(reason, failure, route), silent]
    }

    private enum Answer {
        case applied(SettleResult)
        case refused(BusError)
        case cancelled
    }

    /// The bus away is waited out: repeating a settlement is safe, because only the owner's first one has an effect.
    private func apply(_ settlement: Settlement) async -> Answer {
        var backOff = BackOff()
        while !Task.isCancelled {
            do throws(BusError) { return .applied(try await subscription.settle(delivery, settlement)) } catch {
                guard !error.isRefusal else { return .refused(error) }
                await backOff.wait(logger, "cannot settle", error)
            }
        }
        return .cancelled
    }

    /// What becomes of the delivery; nil when the handler was cancelled and nothing may be said.
    private func decide(_ route: Route) async -> Settlement? {
        guard delivery.deliveries <= policy.maxDeliveries else {
            let failure = Failure.permanent("its workers crashed \(delivery.deliveries - 1) times")
            return await giveUp(.crashedWorker, failure, route)
        }
        let start = ContinuousClock.now
        defer { metrics.handled(delivery, in: ContinuousClock.now - start) }
        do {
            return .done(try await route.handle(payload, delivery.attempt))
        } catch let malformed as Malformed {
            return .reject(.malformed, detail: malformed.description, .nothing)
        } catch {
            guard !Task.isCancelled else { return nil }
            return await judge(error as? Failure ?? .transient("\(error)"), route)
        }
    }

    private func judge(_ failure: Failure, _ route: Route) async -> Settlement {
        switch failure.kind {
        case .permanent: return await giveUp(.permanent, failure, route)
        case .transient where delivery.attempt >= policy.maxAttempts:
            return await giveUp(.attemptsExhausted, failure, route)
        case .transient(let delay):
            logger.warning("will retry", metadata: ["attempt": "\(delivery.attempt)", "reason": "\(failure.reason)"])
            return .retry(after: delay ?? policy.delay(after: delivery.attempt), reason: failure.reason)
        }
    }

    private func giveUp(_ reason: DeadReason, _ failure: Failure, _ route: Route) async -> Settlement {
        logger.error("gave up", metadata: ["why": "\(reason.rawValue)", "reason": "\(failure.reason)"])
        do {
            return .reject(reason, detail: failure.reason, try await route.abandon(payload, delivery.attempt, failure))
        } catch is Malformed {
            return .reject(.malformed, detail: failure.reason, .nothing)
        } catch  where delivery.attempt < policy.maxAttempts * 2 {
            return .retry(after: policy.delay(after: delivery.attempt), reason: "could not give up: \(error)")
        } catch {
            return .reject(reason, detail: "\(failure.reason); nobody could be told: \(error)", .nothing)
        }
    }
}
