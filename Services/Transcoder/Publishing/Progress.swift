import Events
import Messaging

/// Tells how far a job is: at most once a second, never backwards. It is news, not truth: what cannot be told is left out.
struct Progress: Sendable {
    private let incoming: Incoming<MediaIngested>
    private let bus: any Bus
    private var told = 0.0
    private var next = ContinuousClock.now

    init(_ incoming: Incoming<MediaIngested>, _ bus: any Bus) {
        self.incoming = incoming
        self.bus = bus
    }

    mutating func tell(_ share: Double) async {
        guard share > told, ContinuousClock.now >= next else { return }
        told = share
        await send(nil)
    }

    /// Something can be played by now.
    mutating func tell(_ result: TranscodeResult) async {
        // The next thousandth is this one's.
        told += 0.0001
        await send(.transcode(result))
    }

    private mutating func send(_ result: StepResult?) async {
        next = .now + .seconds(1)
        let event = incoming.event
        let news = StepProgress(
            mediaId: event.mediaId, projectId: event.projectId, step: .transcode, progress: told, result: result)
        let envelope = Envelope(
            news, id: "\(incoming.envelope.id)-transcode-\(told)", source: Group.transcoder.rawValue,
            trace: incoming.trace.child())
        guard let output = try? Output(envelope) else { return }
        _ = try? await bus.commit(Commit(event.mediaId, outputs: [output]))
    }
}
