import CoreMetrics
import Synchronization

/// Counts values by size; timers record seconds.
final class Histogram: TimerHandler, RecorderHandler, MetricSeries {
    private struct State {
        /// How many values were at most the bound of the same index and above the one before; one more for the rest.
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    private static let seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]
    private static let bytes = [1024.0, 16_384, 262_144, 1_048_576, 16_777_216, 268_435_456, 4_294_967_296]

    /// - Parameter name: one that ends with `_bytes` gets bounds in bytes, any other in seconds.
    convenience init(for name: String) { self.init(bounds: name.hasSuffix("_bytes") ? Self.bytes : Self.seconds) }

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[index] += 1
            state.sum += value
        }
    }

    func prometheusText(name: String, labels: String) -> String {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var text = ""
        var total = 0
        for (bound, count) in zip(bounds + [.infinity], counts) {
            total += count
            let bucket = (labels.isEmpty ? "" : labels + ",") + "le=\"\(prometheusNumber(bound))\""
            text += prometheusLine(name + "_bucket", bucket, Double(total))
        }
        return text + prometheusLine(name + "_sum", labels, sum) + prometheusLine(name + "_count", labels, Double(total))
    }
}
