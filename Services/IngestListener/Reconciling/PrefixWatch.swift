import Arrivals
import Events
import FoundationEssentials
import Logging
import Messaging
import Metrics
import ObjectStore
import ServiceLifecycle

/// Looks now and then for objects of other tools: for stores that send no events, and for events that were lost. All replicas share
/// one walk.
struct PrefixWatch: Service {
    let arrivals: Arrivals
    let prefixes: [IngestPrefix]
    let store: any ObjectStore
    let pass: SharedPass
    /// From the end of one walk to the beginning of the next.
    let interval: Duration
    /// Younger objects may still be being written.
    let minimumAge: Duration
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown { try await watchUntilCancelled() }
    }

    private func watchUntilCancelled() async throws {
        var backOff = BackOff()
        while true {
            do {
                try await walkIfDue()
                backOff.reset()
                try await Task.sleep(for: min(interval, .seconds(5)))
            } catch {
                try Task.checkCancellation()
                await backOff.wait(logger, "cannot look for objects of other tools", error)
            }
        }
    }

    private func walkIfDue() async throws {
        guard let (state, version) = try await pass.claim() else { return }
        var walk = PrefixWalk(store, prefixes.map(\.prefix), from: state.position)
        var steps = version
        while true {
            let start = ContinuousClock.now
            var page: [ObjectInfo]?
            steps = try await pass.holding(walk.position, over: steps) {
                page = try await walk.next()
                try await ingest(page ?? [])
            }
            guard page != nil else { break }
            guard try await pass.advance(to: walk.position, over: steps) else { return }
            steps += 1
            // Half of the time at most: the store is there for others too.
            try await Task.sleep(for: min(.seconds(5), ContinuousClock.now - start))
        }
        _ = try await pass.finish(nextAt: Date(timeIntervalSinceNow: interval / .seconds(1)), over: steps)
    }

    private func ingest(_ page: [ObjectInfo]) async throws {
        let oldEnough = Date(timeIntervalSinceNow: -(minimumAge / .seconds(1)))
        let newcomers = try await arrivals.newcomers(among: page, oldEnough: oldEnough)
        let ingestions = try await arrivals.ingest(newcomers)
        for ingestion in ingestions where ingestion.isBegun {
            let newcomer = ingestion.newcomer
            logger.info(
                "an object of another tool becomes a media",
                metadata: ["mediaId": "\(newcomer.keys.mediaId)", "key": "\(newcomer.object.key)"])
        }
        tell(ingestions.filter { $0.failure != nil })
    }

    /// One line for a page: the next walk comes to them again.
    private func tell(_ failed: [Ingestion]) {
        guard let first = failed.first, let error = first.failure else { return }
        logger.warning(
            "cannot make media of objects of other tools",
            metadata: ["count": "\(failed.count)", "key": "\(first.newcomer.object.key)", "error": "\(error)"])
        Counter(label: "millrace_ingest_failures_total").increment(by: Int64(failed.count))
    }
}
