import CoreMetrics
import Synchronization

/// Keeps every metric of the process and renders them for Prometheus.
///
/// Bounded: what would exceed the limits is measured into the void, and counted.
final class MetricsRegistry: MetricsFactory, Sendable {
    /// The most series of one name, and the most names.
    static let maximumSeries = 1000
    static let maximumFamilies = 300

    private struct State {
        var families: [String: MetricFamily] = [:]
        var dropped = 0
    }

    private let state = Mutex(State())

    init() {}

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter) { Total() }
    }

    func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        series(label, dimensions, .counter) { Total() }
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge) { Level() }
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return series(label, dimensions, .gauge) { Level() } }
        return series(label, dimensions, .histogram) { Histogram(for: label) }
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .histogram) { Histogram(for: label) }
    }

    // A series lives as long as the process: to Prometheus a counter that vanishes looks like a restart.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    /// In the text exposition format 0.0.4, in a stable order.
    func prometheusText() -> String {
        let (families, dropped) = state.withLock { ($0.families, $0.dropped) }
        var text = families.sorted { $0.key < $1.key }.map { $0.value.prometheusText(name: $0.key) }.joined()
        if dropped > 0 {
            text += prometheusHeader("millrace_metrics_dropped_total", "counter") + "millrace_metrics_dropped_total \(dropped)\n"
        }
        return text
    }

    private func series<S: MetricSeries>(
        _ label: String, _ dimensions: [(String, String)], _ kind: MetricKind, _ make: () -> S
    ) -> S {
        let name = prometheusName(label)
        let labels = prometheusLabels(dimensions)
        return state.withLock { state in
            if state.families[name] == nil, state.families.count < Self.maximumFamilies {
                state.families[name] = MetricFamily(kind: kind)
            }
            if let found = state.families[name]?.series[labels] as? S { return found }
            let made = make()
            let isNew = state.families[name]?.add(made, labels, kind, limit: Self.maximumSeries) ?? false
            if !isNew { state.dropped += 1 }
            return made
        }
    }
}
