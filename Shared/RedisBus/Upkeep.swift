import Events
import Logging
import Messaging
import Redis

/// What a member of a group does for everybody beside its reading: brings delayed entries back when they are due, trims
/// what all have acknowledged, and removes consumers that are long gone.
struct Upkeep: Sendable {
    let membership: Membership
    let runner: ScriptRunner
    let visibility: Duration
    let alarm: Alarm
    let logger: Logger

    /// A consumer that has not read for this long is gone; at worst it joins again by its next read.
    private var goneAfter: Duration { visibility * 10 }
    /// How many delayed entries one run of the script moves.
    private static let promotionLimit = 200

    /// Runs until it is cancelled.
    func run() async {
        var backOff = BackOff()
        var nextSweep = ContinuousClock.now + interval
        while !Task.isCancelled {
            do throws(BusError) {
                // First what frees memory: a full Redis refuses to promote.
                var failure: BusError?
                if ContinuousClock.now >= nextSweep {
                    do { try await sweep() } catch { failure = error }
                    nextSweep = .now + interval
                }
                let next = try await promote()
                if let failure { throw failure }
                backOff.reset()
                await alarm.sleep(for: min(next ?? .seconds(1), .seconds(1), max(.zero, nextSweep - .now)))
            } catch { await backOff.wait(logger, "cannot look after the streams", error) }
        }
    }

    /// A quarter of the visibility timeout, at most 5 s, jittered so that replicas take turns.
    private var interval: Duration { min(visibility / 4, .seconds(5)) * Double.random(in: 0.75...1.25) }

    /// - Returns: how long until the next delayed entry is due.
    private func promote() async throws(BusError) -> Duration? {
        let calls = membership.sources.indices.map { partition in
            ScriptRunner.Call(keys: [RedisKeys.delayed(partition)], arguments: [String(Self.promotionLimit)])
        }
        let waits = try await runner.run(.promote, calls).compactMap { $0.array?.last?.integer }
        return waits.filter { $0 >= 0 }.min().map { .milliseconds($0) }
    }

    private func sweep() async throws(BusError) {
        let trims = membership.sources.joined().filter { !$0.groups.isEmpty && $0.stream.retention == .untilAcknowledged }
        _ = try await runner.run(
            .trim, trims.map { ScriptRunner.Call(keys: [$0.key], arguments: $0.groups.map(\.rawValue)) })
        try await dismiss("", goneFor: goneAfter)
    }

    /// Removes a consumer, and those gone for long, wherever they have nothing pending.
    func dismiss(_ consumer: String, goneFor idle: Duration) async throws(BusError) {
        let arguments = [membership.group.rawValue, consumer, String(idle.milliseconds)]
        let calls = membership.sources.map { ScriptRunner.Call(keys: $0.map(\.key), arguments: arguments) }
        _ = try await runner.run(.dismiss, calls)
    }

    /// Takes this member out of the group.
    func leave() async throws(BusError) { try await dismiss(membership.consumer, goneFor: goneAfter) }
}
