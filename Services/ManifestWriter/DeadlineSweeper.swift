import Catalog
import Events
import FoundationEssentials
import Logging
import Messaging
import Metrics
import RedisBus
import ServiceLifecycle

/// Sees to media of which nothing was heard in time, so that none hangs for ever.
struct DeadlineSweeper: Service {
    let updates: MediaUpdates
    /// How far the groups of some streams are.
    let statistics: @Sendable ([Events.Stream]) async throws -> [StreamStatistics]
    let interval: Duration
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown { await sweepUntilCancelled() }
    }

    private func sweepUntilCancelled() async {
        var backOff = BackOff()
        var watch = Watch(tolerating: max(interval * 3, .seconds(30)))
        while !Task.isCancelled {
            do {
                watch.look(at: Date())
                Gauge(label: "millrace_media_overdue").record(try await sweep(watchingSince: watch.since))
                watch.seen(at: Date())
                backOff.reset()
                try await Task.sleep(for: interval)
            } catch is CancellationError {
                return
            } catch {
                await backOff.wait(logger, "cannot look at the deadlines", error)
            }
        }
    }

    /// - Returns: how many of the media that are past their deadline could not be seen to, 1000 at most.
    func sweep(watchingSince: Date, now: Date = Date()) async throws -> Int {
        let overdue = try await updates.catalog.overdue(now: now, limit: 1000)
        guard !overdue.isEmpty else { return 0 }
        let backlog = Backlog(try await statistics(Backlog.streams))
        for id in overdue {
            try Task.checkCancellation()
            await LogContext.$current.withValue(LogContext(mediaId: id.rawValue)) {
                await expire(id, now, watchingSince, backlog)
            }
        }
        return try await updates.catalog.overdue(now: now, limit: 1000).count
    }

    private func expire(_ id: MediaID, _ now: Date, _ watchingSince: Date, _ backlog: Backlog) async {
        do {
            let isEnded = try await updates.expire(id, now: now, watchingSince: watchingSince, backlog: backlog)
            if isEnded { logger.notice("ended an overdue media") }
        } catch {
            logger.error("cannot end an overdue media", metadata: ["error": "\(error)"])
        }
    }
}
