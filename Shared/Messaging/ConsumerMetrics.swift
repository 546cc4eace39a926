import Events
import Metrics

/// The Prometheus series of one consumer.
struct ConsumerMetrics: Sendable {
    let group: Group

    func received(_ delivery: Delivery) {
        Counter(label: "millrace_events_in_total", dimensions: dimensions(delivery)).increment()
        if delivery.deliveries > 1 {
            Counter(label: "millrace_events_redelivered_total", dimensions: dimensions(delivery)).increment()
        }
    }

    func handled(_ delivery: Delivery, in duration: Duration) {
        Timer(label: "millrace_handler_seconds", dimensions: dimensions(delivery)).record(duration: duration)
    }

    func settled(_ delivery: Delivery, _ settlement: Settlement) {
        let (outcome, commit): (String?, Commit?) =
            switch settlement {
            case .done(let commit): (nil, commit)
            case .retry: ("retry", nil)
            case .reject(_, _, let commit): ("dead", commit)
            }
        for output in commit?.outputs ?? [] {
            Counter(label: "millrace_events_out_total", dimensions: [("stream", output.stream.name)]).increment()
        }
        if let outcome {
            Counter(label: "millrace_events_failed_total", dimensions: dimensions(delivery) + [("outcome", outcome)]).increment()
        }
    }

    private func dimensions(_ delivery: Delivery) -> [(String, String)] {
        [("stream", delivery.stream.name), ("group", group.rawValue)]
    }
}
