import Events
import FoundationEssentials
import Logging
import Messaging
import Metrics
import ObjectStore
import Recovery
import ServiceLifecycle

/// Walks through the store now and then and brings back what Redis does not know; at once when Redis has lost everything.
struct Reconciler: Service {
    let recovery: Recovery
    let pass: SharedPass
    let store: any ObjectStore
    /// From the end of one walk to the beginning of the next; less when there was an original that was too young.
    let interval: Duration
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown { try await reconcileUntilCancelled() }
    }

    /// How often it asks whether a walk is due.
    private var tick: Duration { min(interval, .seconds(5)) }

    private func reconcileUntilCancelled() async throws {
        var backOff = BackOff()
        while true {
            do {
                try await walkIfDue()
                backOff.reset()
                try await Task.sleep(for: tick)
            } catch {
                // Whatever was interrupted by the end of the service is no failure.
                try Task.checkCancellation()
                await backOff.wait(logger, "cannot reconcile", error)
            }
        }
    }

    private func walkIfDue() async throws {
        guard let (state, version) = try await pass.claim() else { return }
        var walk = StoreWalk(store, from: state.position)
        var (steps, tally) = (version, RecoveryTally())
        defer { tell(tally) }
        while true {
            let start = ContinuousClock.now
            var page: [StoredMedia]?
            steps = try await pass.holding(walk.position, over: steps) {
                page = try await walk.next()
                try await mend(page ?? [], &tally)
            }
            guard page != nil else { break }
            guard try await pass.advance(to: walk.position, over: steps) else { return }
            steps += 1
            // Half of the time at most: a large store is there for others too.
            try await Task.sleep(for: max(.milliseconds(20), ContinuousClock.now - start))
        }
        let pause = tally.young > 0 ? min(interval, recovery.rules.minimumAge) : interval
        _ = try await pass.finish(nextAt: Date(timeIntervalSinceNow: pause / .seconds(1)), over: steps)
    }

    private func mend(_ page: [StoredMedia], _ tally: inout RecoveryTally) async throws {
        tally.media += page.count
        for (finding, outcome) in try await recovery.mend(try await recovery.look(at: page)) {
            tally.add(finding, outcome)
            if case .unreadable(let reason) = outcome {
                logger.debug(
                    "cannot bring a media back", metadata: ["mediaId": "\(finding.keys.mediaId)", "reason": "\(reason)"])
            }
        }
    }

    /// One line for a walk that found something.
    private func tell(_ tally: RecoveryTally) {
        guard !tally.isClean else { return }
        let counts = [
            ("processed", tally.lostOriginals), ("completed", tally.untoldOriginals), ("indexed", tally.lostEntries),
            ("removed", tally.abandonedOriginals), ("unreadable", tally.unreadable),
        ]
        let found = counts.filter { $0.1 > 0 }
        logger.log(
            level: tally.unreadable > 0 ? .warning : .notice, "reconciled with the store",
            metadata: Dictionary(uniqueKeysWithValues: found.map { ($0.0, "\($0.1)") }))
        for (what, count) in found {
            Counter(label: "millrace_reconciled_total", dimensions: [("outcome", what)]).increment(by: Int64(count))
        }
    }
}
