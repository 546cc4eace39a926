import Events
import Metrics
import Synchronization

/// The Prometheus series of one consumer, each looked up once.
struct ConsumerMetrics: Sendable {
    private struct Series: Sendable {
        let received: Counter
        let redelivered: Counter
        let handled: Timer
        let retried: Counter
        let dead: Counter

        init(_ stream: Stream, _ group: Group) {
            let dimensions = [("stream", stream.name), ("group", group.rawValue)]
            received = Counter(label: "millrace_events_in_total", dimensions: dimensions)
            redelivered = Counter(label: "millrace_events_redelivered_total", dimensions: dimensions)
            handled = Timer(label: "millrace_handler_seconds", dimensions: dimensions)
            let failed = { Counter(label: "millrace_events_failed_total", dimensions: dimensions + [("outcome", $0)]) }
            retried = failed("retry")
            dead = failed("dead")
        }
    }

    private let series: [Stream: Series]
    private let published = PublishedMetrics()

    init(group: Group, streams: [Stream]) {
        series = Dictionary(uniqueKeysWithValues: streams.map { ($0, Series($0, group)) })
    }

    func received(_ delivery: Delivery) {
        series[delivery.stream]?.received.increment()
        if delivery.deliveries > 1 { series[delivery.stream]?.redelivered.increment() }
    }

    func handled(_ delivery: Delivery, in duration: Duration) {
        series[delivery.stream]?.handled.record(duration: duration)
    }

    func settled(_ delivery: Delivery, _ settlement: Settlement) {
        switch settlement {
        case .done(let commit): published.count(commit)
        case .retry: series[delivery.stream]?.retried.increment()
        case .wait(_, _, let commit):
            series[delivery.stream]?.retried.increment()
            published.count(commit)
        case .reject(_, _, let commit):
            series[delivery.stream]?.dead.increment()
            published.count(commit)
        }
    }
}

/// The series of what goes out, by stream.
private final class PublishedMetrics: Sendable {
    private let counters = Mutex<[Stream: Counter]>([:])

    func count(_ commit: Commit) {
        for output in commit.outputs { counter(output.stream).increment() }
    }

    private func counter(_ stream: Stream) -> Counter {
        counters.withLock { counters in
            if let counter = counters[stream] { return counter }
            let counter = Counter(label: "millrace_events_out_total", dimensions: [("stream", stream.name)])
            counters[stream] = counter
            return counter
        }
    }
}
