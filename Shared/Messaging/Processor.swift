import Events
import Logging
import Synchronization
import Traces

/// Brings deliveries from their payload to their settlement.
///
/// What handlers decide is settled together with what others decide meanwhile. Only what that does not end (the state has
/// moved, the bus is away or refuses) goes on by itself.
final class Processor: Sendable {
    /// What was found in a delivery, and how it is to end.
    final class Decided: Sendable {
        let processor: Processor
        let delivery: Delivery
        let content: Content
        let settlement: Settlement

        init(_ processor: Processor, _ delivery: Delivery, _ content: Content, _ settlement: Settlement) {
            (self.processor, self.delivery, self.content, self.settlement) = (processor, delivery, content, settlement)
        }
    }

    enum Content: Sendable {
        case payload(Routes.Found)
        /// What kills while it is decoded, or while others are to be told, is given up without either.
        case killer
    }

    let policy: RetryPolicy
    let subscription: any Subscription
    let metrics: ConsumerMetrics
    let logger: Logger
    /// Shared by all that are in flight: an outage is told once a second, not once by each.
    let throttle: LogThrottle
    private let routes: Routes
    private let inFlight: InFlight
    /// A line of batches for each partition, so that one that does not answer keeps none of the others waiting.
    private let lines = Mutex<[Int: Batcher<Decided>]>([:])

    init(
        routes: Routes, policy: RetryPolicy, subscription: any Subscription, inFlight: InFlight, metrics: ConsumerMetrics,
        logger: Logger, throttle: LogThrottle
    ) {
        self.routes = routes
        self.policy = policy
        self.subscription = subscription
        self.inFlight = inFlight
        self.metrics = metrics
        self.logger = logger
        self.throttle = throttle
    }

    /// Begins with all of them. What is decided at once is settled together.
    func start(_ deliveries: [Delivery]) {
        let lines = Set(deliveries.map(\.id.partition)).map(line)
        for line in lines { line.hold() }
        for delivery in deliveries {
            metrics.received(delivery)
            inFlight.start(delivery) { await self.process(delivery) }
        }
        for line in lines { line.release() }
    }

    private func line(_ partition: Int) -> Batcher<Decided> {
        lines.withLock { lines in
            if let line = lines[partition] { return line }
            let line = Batcher<Decided>(limit: 256, on: subscription.executors.settle) { batch in
                await batch.first?.processor.settle(batch)
            }
            lines[partition] = line
            return line
        }
    }

    /// Decides how the delivery ends. It is in flight until it has ended.
    private func process(_ delivery: Delivery) async {
        let content = delivery.deliveries > policy.maxDeliveries + 2 ? .killer : Content.payload(routes.find(delivery))
        guard let settlement = await about(content, { await decide(delivery, content) }) else {
            return inFlight.end([delivery])
        }
        line(delivery.id.partition).add(Decided(self, delivery, content, settlement))
    }

    private func settle(_ batch: [Decided]) async {
        let answers = await subscription.settle(batch.map { ($0.delivery, $0.settlement) })
        var ended: [Delivery] = []
        for (decided, answer) in zip(batch, answers) {
            if case .success(.settled) = answer {
                metrics.settled(decided.delivery, decided.settlement)
                ended.append(decided.delivery)
            } else {
                inFlight.goOn(decided.delivery) {
                    await self.about(decided.content) { await self.goOn(decided, answer) }
                    self.inFlight.end([decided.delivery])
                }
            }
        }
        inFlight.end(ended)
    }

    private func about<Answer>(_ content: Content, _ body: () async -> Answer) async -> Answer {
        let header: EnvelopeHeader? =
            switch content {
            case .payload(.event(let event)): event.header
            case .payload(.unknownType(let header)): header
            case .payload(.malformed(let header, _)): header
            case .killer: nil
            }
        let context = header.map { LogContext(mediaId: $0.subject, traceparent: $0.traceparent, eventId: $0.id) }
        return await LogContext.$current.withValue(context, operation: body)
    }

    // MARK: Deciding

    /// What becomes of the delivery; nil when the handler was cancelled and nothing may be said.
    func decide(_ delivery: Delivery, _ content: Content) async -> Settlement? {
        switch content {
        case .killer:
            let detail = "its workers crashed \(delivery.deliveries - 1) times; nobody could be told"
            return .reject(.crashedWorker, detail: detail, .nothing)
        case .payload(.unknownType(let header)): return .reject(.unknownType, detail: header.type, .nothing)
        case .payload(.malformed(_, let detail)): return .reject(.malformed, detail: detail, .nothing)
        case .payload(.event(let event)): return await handle(delivery, event)
        }
    }

    private func handle(_ delivery: Delivery, _ event: Route.Opened) async -> Settlement? {
        guard delivery.deliveries <= policy.maxDeliveries else {
            let failure = Failure.permanent("its workers crashed \(delivery.deliveries - 1) times")
            return await giveUp(.crashedWorker, delivery, failure, event)
        }
        let (start, time) = (ContinuousClock.now, Spans.now())
        defer { metrics.handled(delivery, in: ContinuousClock.now - start) }
        do {
            let commit = try await event.handle()
            Spans.record(event.span(of: delivery, from: time, nil))
            return .done(commit)
        } catch {
            guard !Task.isCancelled else { return nil }
            Spans.record(event.span(of: delivery, from: time, error))
            return await judge(error as? Failure ?? .transient("\(error)"), delivery, event)
        }
    }

    private func judge(_ failure: Failure, _ delivery: Delivery, _ event: Route.Opened) async -> Settlement {
        switch failure.kind {
        case .permanent: return await giveUp(.permanent, delivery, failure, event)
        case .transient(let delay):
            if let patience = failure.policy { return await wait(for: failure, patience, delivery, event) }
            guard delivery.attempt < policy.maxAttempts else {
                return await giveUp(.attemptsExhausted, delivery, failure, event)
            }
            logger.warning("will retry", metadata: ["attempt": "\(delivery.attempt)", "reason": "\(failure.reason)"])
            return .retry(after: delay ?? policy.delay(after: delivery.attempt), reason: failure.reason)
        }
    }

    /// It keeps its attempts: what fails in another way afterwards is not its last chance.
    private func wait(
        for failure: Failure, _ patience: RetryPolicy, _ delivery: Delivery, _ event: Route.Opened
    ) async -> Settlement {
        let turn = delivery.waits + 1
        guard turn < patience.maxAttempts else { return await giveUp(.attemptsExhausted, delivery, failure, event) }
        logger.warning("waits", metadata: ["times": "\(turn)", "reason": "\(failure.reason)"])
        return .wait(after: patience.delay(after: turn), reason: failure.reason, (try? event.postpone()) ?? .nothing)
    }

    func giveUp(_ reason: DeadReason, _ delivery: Delivery, _ failure: Failure, _ event: Route.Opened) async -> Settlement {
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
