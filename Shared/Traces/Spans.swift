internal import Events
internal import Glibc
internal import Synchronization

/// Where the spans of this process go: nowhere, until somebody wants them.
package enum Spans {
    private static let isWanted = Atomic(false)
    private static let sink = Mutex<(@Sendable (Span) -> Void)?>(nil)

    /// From now on `record` is called with every span, on whatever thread it ended: it must be quick. Nil for nobody.
    package static func send(to record: (@Sendable (Span) -> Void)?) {
        sink.withLock { $0 = record }
        isWanted.store(record != nil, ordering: .releasing)
    }

    /// Costs nothing while nobody wants spans, nor for a trace that its beginner did not want sampled.
    package static func record(_ span: @autoclosure () -> Span) {
        guard isWanted.load(ordering: .acquiring), let record = sink.withLock({ $0 }) else { return }
        let span = span()
        if span.trace.isSampled { record(span) }
    }

    /// Nanoseconds since 1970.
    package static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
