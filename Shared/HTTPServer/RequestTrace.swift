package import Events
internal import Synchronization

/// The trace that a request belongs to: its client's, else that of what it turns out to be about, else a new one.
package final class RequestTrace: Sendable {
    private struct Place {
        let span: TraceParent
        let parent: TraceParent?

        init(in trace: TraceParent?) {
            span = trace?.child() ?? .random()
            parent = trace
        }
    }

    private let place: Mutex<Place>

    /// - Parameter client: the span that the client names, where it names one.
    init(client: TraceParent? = nil) { place = Mutex(Place(in: client)) }

    /// The request's own span: what an event caused by it carries.
    package var span: TraceParent { place.withLock(\.span) }

    /// What the request was begun by; nil for the first of a trace.
    package var parent: TraceParent? { place.withLock(\.parent) }

    /// The request goes on with a trace that was begun before, unless it goes on with one already.
    package func join(_ trace: TraceParent?) {
        guard let trace else { return }
        place.withLock { if $0.parent == nil { $0 = Place(in: trace) } }
    }
}
