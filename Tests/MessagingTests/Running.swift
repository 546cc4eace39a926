import Logging
import Messaging
import Synchronization
import TestSupport

/// A consumer of probes that runs until it is stopped or cancelled.
struct Running {
    private let consumer: Consumer
    private let task: Task<Void, Never>

    init(_ bus: any Bus, _ route: Route, visibility: Duration = .milliseconds(500), concurrency: Int = 4) {
        var options = Consumer.Options()
        options.concurrency = concurrency
        options.visibility = visibility
        options.policy = RetryPolicy(maxAttempts: 3, base: .milliseconds(5), cap: .milliseconds(20))
        let consumer = Consumer(bus, group: .probe, routes: [route], options: options, logger: .quiet)
        self.consumer = consumer
        task = Task { await consumer.run() }
    }

    init(_ bus: any Bus, _ handler: ProbeHandler, visibility: Duration = .milliseconds(500), concurrency: Int = 4) {
        self.init(bus, Route(handler), visibility: visibility, concurrency: concurrency)
    }

    func stop() async {
        consumer.stop()
        await task.value
    }

    func cancel() async {
        task.cancel()
        await task.value
    }
}

extension Logger {
    static var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}

/// Waits for room five times, fails in another way twice, and then is done.
final class WaitingHandler: Handler {
    private let turns = Atomic(0)

    func handle(_ incoming: Incoming<Probe>) throws -> Commit {
        let patience = RetryPolicy(maxAttempts: 10, base: .milliseconds(5), cap: .milliseconds(5))
        let turn = turns.add(1, ordering: .relaxed).newValue
        if turn <= 5 { throw Failure.transient("no room", patience) }
        if incoming.attempt <= 2 { throw Failure.transient("reset") }
        return says("done", incoming)
    }

    func abandon(_ incoming: Incoming<Probe>, because failure: Failure) -> Commit { says("abandoned", incoming) }
    func postpone(_ incoming: Incoming<Probe>) -> Commit { says("waits", incoming) }

    private func says(_ text: String, _ incoming: Incoming<Probe>) -> Commit {
        Commit(incoming.event.mediaId, outputs: [Output(stream: .echo, payload: text)])
    }
}

/// Gives everything up and can tell nobody.
struct SilentHandler: Handler {
    func handle(_ incoming: Incoming<Probe>) throws -> Commit { throw Failure.permanent("no good") }
    func abandon(_ incoming: Incoming<Probe>, because failure: Failure) throws -> Commit {
        throw Failure.transient("cannot tell")
    }
}
