import Synchronization

/// A sleep that ends earlier when something earlier comes up.
final class Alarm: Sendable {
    private struct State {
        var due: ContinuousClock.Instant?
        var sleeper: Task<Void, Never>?
    }

    private let state = Mutex(State())

    /// Sees to it that the sleep now, or else the next one, ends at `time` at the latest.
    func set(_ time: ContinuousClock.Instant) {
        state.withLock { state in
            guard state.due.map({ time < $0 }) ?? true else { return }
            state.due = time
            state.sleeper?.cancel()
        }
    }

    /// Sleeps at most for `duration`. The next sleep is free of alarms that were set before this one ended.
    func sleep(for duration: Duration) async {
        let latest = ContinuousClock.now + duration
        set(latest)
        while !Task.isCancelled, let due = state.withLock(\.due), due > .now {
            let sleeper = Task<Void, Never> { try? await Task.sleep(until: due, clock: .continuous) }
            state.withLock { state in
                state.sleeper = sleeper
                if state.due != due { sleeper.cancel() }
            }
            await withTaskCancellationHandler {
                await sleeper.value
            } onCancel: {
                sleeper.cancel()
            }
        }
        state.withLock { $0 = State() }
    }
}
