import Events
import Messaging

/// Tells how far a job is, and that it lives: at most once a second, and never silent for long. It is news, not truth: what cannot be
/// told is left out; but that something can be played is told again until it was heard.
actor Progress {
    private let incoming: Incoming<MediaIngested>
    private let bus: any Bus
    private let pulse: Duration
    private var told = 0.0
    /// What can be played, for as long as nobody has heard of it.
    private var unheard: TranscodeResult?
    /// Of all tries to tell something.
    private var number = 0
    private var last: ContinuousClock.Instant?
    /// Tells events of one delivery from those of the next.
    private let run = UInt32.random(in: .min ... .max)

    /// - Parameter pulse: after so long a silence it says that the job lives.
    init(_ incoming: Incoming<MediaIngested>, _ bus: any Bus, pulse: Duration) {
        self.incoming = incoming
        self.bus = bus
        self.pulse = pulse
    }

    /// Says now, and whenever nothing else was told for a while, that the job lives, for as long as `body` runs.
    nonisolated func alive<Answer: Sendable>(_ body: () async throws -> Answer) async throws -> Answer {
        // Also when it fails at once: who waits for room on a disk is not lost.
        await send()
        let beating = Task { await beat() }
        defer { beating.cancel() }
        return try await body()
    }

    func tell(_ share: Double) async {
        guard share > told, silence >= Self.shortest else { return }
        told = share
        await send()
    }

    /// Something can be played by now.
    func tell(_ result: TranscodeResult) async throws {
        while silence < Self.shortest { try await Task.sleep(for: Self.shortest - silence) }
        unheard = result
        await send()
    }

    private static let shortest: Duration = .seconds(1)

    private var silence: Duration { last.map { .now - $0 } ?? .seconds(1_000_000) }

    private func beat() async {
        while !Task.isCancelled {
            if silence >= pulse { await send() }
            try? await Task.sleep(for: pulse - min(silence, pulse))
        }
    }

    private func send() async {
        last = .now
        number += 1
        let event = incoming.event
        let result = unheard
        let news = StepProgress(
            mediaId: event.mediaId, projectId: event.projectId, step: .transcode, progress: told,
            result: result.map { .transcode($0) })
        let envelope = Envelope(
            news, id: "\(incoming.envelope.id)-transcode-\(run).\(number)", source: Group.transcoder.rawValue,
            trace: incoming.trace)
        guard let output = try? Output(envelope) else { return }
        let answer = try? await bus.commit(Commit(event.mediaId, outputs: [output]))
        // There may be a newer one by now.
        if answer == .committed, unheard == result { unheard = nil }
    }
}
