package import Events
package import Messaging

extension Envelope where Body == MediaIngested {
    /// The event, and beside it the request for a step that has a queue of its own.
    package var outputs: [Output] {
        get throws {
            guard data.plan.contains(.transcode) else { return [try Output(self)] }
            let trace = TraceParent(rawValue: traceparent) ?? .random()
            let source = String(source.drop { $0 == "/" })
            let request = Envelope<TranscodeRequested>(
                TranscodeRequested(data), id: "\(id).transcode", source: source, time: time, trace: trace)
            return [try Output(self), try Output(request)]
        }
    }
}
