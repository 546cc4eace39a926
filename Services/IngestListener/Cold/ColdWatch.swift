import Events
import FoundationEssentials
import Logging
import Messaging
import Metrics
import ObjectStore
import Recovery
import ServiceLifecycle

/// Gives old originals to cold storage, once a day. Only those of finished media: nobody needs to read them any more. All replicas share one
/// walk.
struct ColdWatch: Service {
    let store: any ObjectStore
    let cold: ColdStorage
    let pass: SharedPass
    let logger: Logger

    /// From the end of one walk to the beginning of the next.
    private var interval: Duration { min(.seconds(86_400), cold.after) }

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
                await backOff.wait(logger, "cannot look for old originals", error)
            }
        }
    }

    private func walkIfDue() async throws {
        guard let (state, version) = try await pass.claim() else { return }
        var walk = StoreWalk(store, from: state.position, pageSize: 1000)
        var steps = version
        while true {
            let start = ContinuousClock.now
            var page: [StoredMedia]?
            steps = try await pass.holding(walk.position, over: steps) {
                page = try await walk.next()
                for original in (page ?? []).compactMap({ old($0) }) { try await archive(original) }
            }
            guard page != nil else { break }
            guard try await pass.advance(to: walk.position, over: steps) else { return }
            steps += 1
            // A large store is there for others too.
            try await Task.sleep(for: min(.seconds(5), ContinuousClock.now - start))
        }
        _ = try await pass.finish(nextAt: Date(timeIntervalSinceNow: interval / .seconds(1)), over: steps)
    }

    /// The original, where it is due.
    private func old(_ media: StoredMedia) -> ObjectInfo? {
        let limit = Date(timeIntervalSinceNow: -(cold.after / .seconds(1)))
        guard media.hasManifest, let original = media.original, original.size >= ColdStorage.smallest,
            original.modifiedAt < limit, !original.isInColdClass
        else { return nil }
        return original
    }

    /// One that cannot go holds up no other; the next walk comes to it again.
    private func archive(_ original: ObjectInfo) async throws {
        do { try await store.archive(original) } catch  where error.code != .notFound {
            try Task.checkCancellation()
            logger.warning(
                "an original cannot go to cold storage", metadata: ["key": "\(original.key)", "error": "\(error)"])
            Counter(label: "millrace_cold_failures_total").increment(by: 1)
            // Where the store is away the walk waits; where the cold place is, all of them fail, each with a line a day.
            try await store.check()
        } catch {}
    }
}
