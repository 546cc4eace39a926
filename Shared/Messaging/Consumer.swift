package import Events
package import Logging

/// Reads a group's streams and runs the handlers: receive → decide → settle, once for all services.
///
/// The bus away is waited out; a malformed entry is rejected and the loop lives on. `run` returns after `stop`, when what was
/// in flight is finished or, once the grace period is over, handed back. Cancelling `run` hands it back at once.
package final class Consumer: Sendable {
    package struct Options: Sendable {
        /// How many handlers run at once.
        package var concurrency = 16
        package var policy = RetryPolicy()
        /// After this long without a heartbeat others may reclaim an entry; heartbeats are sent at a third of it.
        package var visibility: Duration = .seconds(60)
        /// How long handlers may still run after `stop`.
        package var grace: Duration = .seconds(20)

        package init() {}
    }

    private let bus: any Bus
    private let group: Group
    private let routes: Routes
    private let options: Options
    private let logger: Logger
    private let inFlight: InFlight
    private let metrics: ConsumerMetrics
    private let throttle = LogThrottle()

    package init(_ bus: any Bus, group: Group, routes: [Route], options: Options = Options(), logger: Logger) {
        self.bus = bus
        self.group = group
        self.routes = Routes(routes)
        self.options = options
        self.logger = logger
        inFlight = InFlight(capacity: options.concurrency)
        metrics = ConsumerMetrics(group: group, streams: self.routes.streams)
    }

    /// Stops receiving; `run` returns when what is in flight has ended.
    package func stop() { inFlight.stop() }

    package func run() async {
        await withTaskCancellationHandler {
            guard let subscription = await subscribe() else { return }
            let processor = Processor(
                routes: routes, policy: options.policy, subscription: subscription, inFlight: inFlight, metrics: metrics,
                logger: logger, throttle: throttle)
            await withDiscardingTaskGroup { tasks in
                tasks.addTask { await self.heartbeat(subscription) }
                await withTaskExecutorPreference(subscription.executors.receive) {
                    await self.receive(from: subscription, processor)
                }
                await self.drain(subscription)
                tasks.cancelAll()
            }
            await subscription.close()
        } onCancel: {
            inFlight.abort()
        }
    }

    private func subscribe() async -> (any Subscription)? {
        var backOff = BackOff(logging: throttle)
        while !inFlight.isStopped {
            do { return try await bus.subscribe(group, to: routes.streams) } catch {
                await backOff.wait(logger, "cannot join the group", error)
            }
        }
        return nil
    }

    private func receive(from subscription: any Subscription, _ processor: Processor) async {
        var backOff = BackOff(logging: throttle)
        while let free = await inFlight.freeSlots() {
            do {
                let deliveries = try await subscription.receive(limit: free)
                backOff.reset()
                guard !inFlight.isStopped else { return await handBack(deliveries, to: subscription) }
                processor.start(deliveries)
            } catch {
                await backOff.wait(logger, "cannot read the bus", error)
            }
        }
    }

    /// Keeps what is in flight owned, and cancels the handlers of what was lost.
    private func heartbeat(_ subscription: any Subscription) async {
        while (try? await Task.sleep(for: options.visibility / 3)) != nil {
            let deliveries = inFlight.deliveries
            guard !deliveries.isEmpty else { continue }
            do {
                let owned = try await subscription.heartbeat(deliveries)
                for (delivery, isOwned) in zip(deliveries, owned) where !isOwned { inFlight.cancel(delivery) }
            } catch {
                logger.warning("heartbeat failed", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Waits for the handlers, then cancels and hands back the rest. What a handler does after that has no effect on the
    /// bus, because its entry is no longer ours.
    private func drain(_ subscription: any Subscription) async {
        await inFlight.wait(atMost: options.grace)
        await handBack(inFlight.cancelAll(), to: subscription)
        await inFlight.wait(atMost: .seconds(2))
    }

    private func handBack(_ deliveries: [Delivery], to subscription: any Subscription) async {
        guard !deliveries.isEmpty else { return }
        do { try await subscription.release(deliveries) } catch {
            logger.warning("could not hand back entries; they will be reclaimed", metadata: ["error": "\(error)"])
        }
    }
}
