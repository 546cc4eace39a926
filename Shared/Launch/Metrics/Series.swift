import CoreMetrics
import Synchronization

/// A counter: it only rises.
final class Total: CounterHandler, FloatingPointCounterHandler, MetricSeries {
    private let value = Mutex(0.0)

    func increment(by amount: Int64) { increment(by: Double(amount)) }
    func increment(by amount: Double) { if amount > 0, amount.isFinite { value.withLock { $0 += amount } } }
    func reset() { value.withLock { $0 = 0 } }

    func prometheusText(name: String, labels: String) -> String {
        prometheusLine(name, labels, value.withLock { $0 })
    }
}

/// A gauge: the last value counts.
final class Level: MeterHandler, RecorderHandler, MetricSeries {
    private let value = Mutex(0.0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func prometheusText(name: String, labels: String) -> String {
        prometheusLine(name, labels, value.withLock { $0 })
    }
}
