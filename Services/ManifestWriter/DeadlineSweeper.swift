import Catalog
import Events
import FoundationEssentials
import Logging
import Messaging
import ServiceLifecycle

/// Ends media of which nothing was heard in time, so that none hangs for ever.
struct DeadlineSweeper: Service {
    let updates: MediaUpdates
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
                try await sweep(watchingSince: watch.since)
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

    private func sweep(watchingSince: Date) async throws {
        let now = Date()
        for id in try await updates.catalog.overdue(now: now, limit: 1000) {
            try Task.checkCancellation()
            await LogContext.$current.withValue(LogContext(mediaId: id.rawValue)) { await expire(id, now, watchingSince) }
        }
    }

    private func expire(_ id: MediaID, _ now: Date, _ watchingSince: Date) async {
        do {
            if try await updates.expire(id, now: now, watchingSince: watchingSince) { logger.notice("ended an overdue media") }
        } catch {
            logger.error("cannot end an overdue media", metadata: ["error": "\(error)"])
        }
    }
}
