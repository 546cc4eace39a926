import ArgumentParser
import Events
import Logging
import Messaging
import RedisBus
import Synchronization

extension BusBench {
    /// From just before an event is published to the start of its handler, at a steady low rate.
    struct Latency: AsyncParsableCommand {
        @OptionGroup var options: BusBench.Options
        @Option(help: "Events a second.") var rate = 500

        func run() async throws {
            let bus = try options.bus()
            let clock = LatencyHandler()
            let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
            let consumer = Consumer(bus, group: .first, routes: [Route(clock)], logger: logger)
            async let running: Void = consumer.run()
            let start = ContinuousClock.now
            for number in 0..<options.count {
                try await Task.sleep(until: start + .seconds(1) * number / rate, tolerance: .zero, clock: .continuous)
                let media = MediaID.generate()
                let envelope = Envelope(Parcel(mediaId: media, sent: nanoseconds()), source: "bench", trace: .random())
                _ = try await bus.commit(Commit(media, outputs: [try Output(envelope)]))
            }
            while clock.times.count < options.count { try await Task.sleep(for: .milliseconds(5)) }
            consumer.stop()
            await running
            // The first ones pay for connections and scripts.
            let times = clock.times.dropFirst(options.count / 10).sorted()
            try show(["p50": times[times.count / 2], "p99": times[times.count * 99 / 100]])
        }
    }
}

private final class LatencyHandler: Handler {
    private let state = Mutex<[Double]>([])

    /// Milliseconds.
    var times: [Double] { state.withLock { $0 } }

    func handle(_ incoming: Incoming<Parcel>) throws -> Commit {
        let time = Double(nanoseconds() - incoming.event.sent) / 1e6
        state.withLock { $0.append(time) }
        return .nothing
    }
}
