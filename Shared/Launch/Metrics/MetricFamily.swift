enum MetricKind: String { case counter, gauge, histogram }

/// One series: a set of label values and what was measured under it.
protocol MetricSeries: AnyObject, Sendable {
    /// The lines of this series. `labels` is `a="x",b="y"` or empty.
    func prometheusText(name: String, labels: String) -> String
}

/// All series of one name.
struct MetricFamily: Sendable {
    let kind: MetricKind
    private(set) var series: [String: any MetricSeries] = [:]

    init(kind: MetricKind) { self.kind = kind }

    /// False where the name already means another kind of metric, or too many series have it.
    mutating func add(_ one: any MetricSeries, _ labels: String, _ kind: MetricKind, limit: Int) -> Bool {
        guard kind == self.kind, series[labels] == nil, series.count < limit else { return false }
        series[labels] = one
        return true
    }

    func prometheusText(name: String) -> String {
        prometheusHeader(name, kind.rawValue)
            + series.sorted { $0.key < $1.key }.map { $0.value.prometheusText(name: name, labels: $0.key) }.joined()
    }
}
