import Events
import Logging

/// One delivery from its payload to its settlement.
struct Processing: Sendable {
    let delivery: Delivery
    let routes: Routes
    let policy: RetryPolicy
    let subscription: any Subscription
    let metrics: ConsumerMetrics
    let logger: Logger
    /// Shared by all that are in flight: an outage is told once a second, not once by each.
    let throttle: LogThrottle

    func run() async {
        // What kills while it is decoded, or while others are to be told, is given up without either.
        guard delivery.deliveries <= policy.maxDeliveries + 2 else {
            let detail = "its workers crashed \(delivery.deliveries - 1) times; nobody could be told"
            return await settle(nil) { .reject(.crashedWorker, detail: detail, .nothing) }
        }
        switch routes.find(delivery) {
        case .event(let event):
            await about(event.header) { await settle(event) { await decide(event) } }
        case .unknownType(let header):
            await about(header) { await settle(nil) { .reject(.unknownType, detail: header.type, .nothing) } }
        case .malformed(let header, let detail):
            await about(header) { await settle(nil) { .reject(.malformed, detail: detail, .nothing) } }
        }
    }

    private func about(_ header: EnvelopeHeader?, _ body: () async -> Void) async {
        let context = header.map { LogContext(mediaId: $0.subject, traceparent: $0.traceparent, eventId: $0.id) }
        await LogContext.$current.withValue(context, operation: body)
    }

    /// Settles with what `decide` says, and asks again when the state has moved meanwhile.
    private func settle(_ event: Route.Opened?, _ decide: () async -> Settlement?) async {
        for round in 1...20 {
            guard let settlement = await decide() else { return }
            switch await apply(settlement) {
            case .applied(.settled): return metrics.settled(delivery, settlement)
            case .applied(.lostOwnership): return logger.notice("settled already, or another worker's now; nothing changed")
            case .applied(.conflict): try? await Task.sleep(for: .milliseconds(Int.random(in: 0...(round * 5))))
            case .refused(let error): return await settle(firstOf: await refused(error, event))
            case .cancelled: return
            }
        }
        await settle(firstOf: await restless(event))
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
    private func restless(_ event: Route.Opened?) async -> [Settlement] {
        let failure = Failure.transient("the state kept changing")
        guard delivery.attempt >= policy.maxAttempts else {
            return [.retry(after: policy.delay(after: delivery.attempt), reason: failure.reason)]
        }
        return await endings(.attemptsExhausted, failure, event)
    }

    /// The ends of a delivery whose commit the bus refuses for good.
    private func refused(_ error: BusError, _ event: Route.Opened?) async -> [Settlement] {
        await endings(.permanent, .permanent("the bus refuses its commit: \(error)"), event)
    }

    private func endings(_ reason: DeadReason, _ failure: Failure, _ event: Route.Opened?) async -> [Settlement] {
        let silent = Settlement.reject(reason, detail: failure.reason, .nothing)
        guard let event else { return [silent] }
        return [await giveUp(reason, failure, event), silent]
    }

    private enum Answer {
        case applied(SettleResult)
        case refused(BusError)
        case cancelled
    }

    /// The bus away is waited out: repeating a settlement is safe, because only the owner's first one has an effect.
    private func apply(_ settlement: Settlement) async -> Answer {
        var backOff = BackOff(logging: throttle)
        while !Task.isCancelled {
            do throws(BusError) { return .applied(try await subscription.settle(delivery, settlement)) } catch {
                guard !error.isRefusal else { return .refused(error) }
                await backOff.wait(logger, "cannot settle", error)
            }
        }
        return .cancelled
    }

    /// What becomes of the delivery; nil when the handler was cancelled and nothing may be said.
    private func decide(_ event: Route.Opened) async -> Settlement? {
        guard delivery.deliveries <= policy.maxDeliveries else {
            let failure = Failure.permanent("its workers crashed \(delivery.deliveries - 1) times")
            return await giveUp(.crashedWorker, failure, event)
        }
        let start = ContinuousClock.now
        defer { metrics.handled(delivery, in: ContinuousClock.now - start) }
        do {
            return .done(try await event.handle())
        } catch {
            guard !Task.isCancelled else { return nil }
            return await judge(error as? Failure ?? .transient("\(error)"), event)
        }
    }

    private func judge(_ failure: Failure, _ event: Route.Opened) async -> Settlement {
        switch failure.kind {
        case .permanent: return await giveUp(.permanent, failure, event)
        case .transient where delivery.attempt >= policy.maxAttempts:
            return await giveUp(.attemptsExhausted, failure, event)
        case .transient(let delay):
            logger.warning("will retry", metadata: ["attempt": "\(delivery.attempt)", "reason": "\(failure.reason)"])
            return .retry(after: delay ?? policy.delay(after: delivery.attempt), reason: failure.reason)
        }
    }

    private func giveUp(_ reason: DeadReason, _ failure: Failure, _ event: Route.Opened) async -> Settlement {
        logger.error("gave up", metadata: ["why": "\(reason.rawValue)", "reason": "\(failure.reason)"])
        do {
            return .reject(reason, detail: failure.reason, try await event.abandon(failure))
        } catch  where delivery.attempt < policy.maxAttempts * 2 {
            return .retry(after: policy.delay(after: delivery.attempt), reason: "could not give up: \(error)")
        } catch {
            return .reject(reason, detail: "\(failure.reason); nobody could be told: \(error)", .nothing)
        }
    }
}
