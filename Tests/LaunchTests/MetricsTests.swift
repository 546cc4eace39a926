import CoreMetrics
import Testing

@testable import Launch

@Suite struct MetricsTests {
    private let registry = MetricsRegistry()

    @Test func goldenText() {
        registry.makeCounter(label: "millrace_events_in_total", dimensions: [("stream", "step"), ("group", "notifier")])
            .increment(by: 3)
        registry.makeCounter(label: "millrace_events_in_total", dimensions: [("group", "notifier"), ("stream", "step")])
            .increment(by: 2)
        registry.makeCounter(label: "millrace_events_in_total", dimensions: [("stream", "feed"), ("group", "x")]).increment(by: 1)
        registry.makeRecorder(label: "level", dimensions: [], aggregate: false).record(1.5)
        registry.makeMeter(label: "meter", dimensions: []).set(Int64(-2))
        #expect(
            registry.prometheusText() == """
                # TYPE level gauge
                level 1.5
                # TYPE meter gauge
                meter -2
                # HELP millrace_events_in_total Deliveries received.
                # TYPE millrace_events_in_total counter
                millrace_events_in_total{group="notifier",stream="step"} 5
                millrace_events_in_total{group="x",stream="feed"} 1

                """)
    }

    @Test func histogramsCount() {
        let histogram = Histogram(bounds: [0.1, 1])
        for value in [0.05, 0.1, 0.5, 3] { histogram.record(value) }
        histogram.record(.nan)
        histogram.record(.infinity)
        #expect(
            histogram.prometheusText(name: "t", labels: #"a="b""#) == """
                t_bucket{a="b",le="0.1"} 2
                t_bucket{a="b",le="1"} 3
                t_bucket{a="b",le="+Inf"} 4
                t_sum{a="b"} 3.65
                t_count{a="b"} 4

                """)
    }

    @Test func timersAreSeconds() {
        registry.makeTimer(label: "t_seconds", dimensions: []).recordNanoseconds(1_500_000_000)
        let text = registry.prometheusText()
        #expect(text.contains("t_seconds_sum 1.5\n") && text.contains(#"t_seconds_bucket{le="1"} 0"#))
        #expect(text.contains(#"t_seconds_bucket{le="2.5"} 1"#) && text.contains("t_seconds_count 1\n"))
    }

    @Test func labelsAndNamesAreEscaped() {
        registry.makeCounter(label: "9 bad-näme", dimensions: [("a b:", "x\"y\\z\nw}")]).increment(by: 1)
        #expect(
            registry.prometheusText() == """
                # TYPE _9_bad_n_me counter
                _9_bad_n_me{a_b_="x\\"y\\\\z\\nw}"} 1

                """)
    }

    @Test func countersOnlyRise() {
        let counter = registry.makeFloatingPointCounter(label: "c", dimensions: [])
        counter.increment(by: 0.5)
        counter.increment(by: -1)
        counter.increment(by: .nan)
        #expect(registry.prometheusText().hasSuffix("c 0.5\n"))
    }

    @Test func seriesAreBounded() {
        for number in 0..<(MetricsRegistry.maximumSeries + 5) {
            registry.makeCounter(label: "many", dimensions: [("n", "\(number)")]).increment(by: 1)
        }
        _ = registry.makeTimer(label: "many", dimensions: [])
        let lines = registry.prometheusText().split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("many{") } == MetricsRegistry.maximumSeries)
        #expect(lines.last == "millrace_metrics_dropped_total 6")
    }

    @Test func theProcessTellsOfItself() throws {
        let lines = processMetricsText().split(separator: "\n").filter { !$0.hasPrefix("#") }
        let figures = Dictionary(
            uniqueKeysWithValues: lines.map { ($0.split(separator: " ")[0], Double($0.split(separator: " ")[1]) ?? -1) })
        #expect(try #require(figures["process_resident_memory_bytes"]) > 1_000_000)
        #expect(try #require(figures["process_open_fds"]) >= 3)
        #expect(try #require(figures["process_cpu_seconds_total"]) > 0)
        #expect(try #require(figures["process_start_time_seconds"]) > 1_700_000_000)
    }
}
