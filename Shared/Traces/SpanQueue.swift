internal import Synchronization

/// Spans that wait for being sent, bounded: tracing must never cost a service its memory.
package final class SpanQueue: Sendable {
    private struct State {
        var spans: [Span] = []
        var dropped = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    package init(limit: Int = 4096) { self.limit = limit }

    /// Drops the span when the queue is full.
    package func add(_ span: Span) {
        state.withLock { state in
            if state.spans.count < limit { state.spans.append(span) } else { state.dropped += 1 }
        }
    }

    /// Takes the oldest, and how many were dropped since the last time.
    package func take(atMost count: Int) -> (spans: [Span], dropped: Int) {
        state.withLock { state in
            let taken = Array(state.spans.prefix(count))
            state.spans.removeFirst(taken.count)
            defer { state.dropped = 0 }
            return (taken, state.dropped)
        }
    }
}
