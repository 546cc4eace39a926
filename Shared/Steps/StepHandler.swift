package import Events
package import Messaging
import ObjectStore

/// Answers `media.ingested` with the outcome of one step of the plan, `step.completed` or `step.failed`.
package struct StepHandler<Work: StepWork>: Handler {
    private let work: Work

    package init(_ work: Work) { self.work = work }

    package func handle(_ incoming: Incoming<MediaIngested>) async throws -> Commit {
        let event = incoming.event
        guard event.plan.contains(Work.step) else { return .nothing }
        let start = ContinuousClock.now
        do {
            let outcome = try await judgedRun(incoming)
            let completed = StepCompleted(
                mediaId: event.mediaId, projectId: event.projectId, step: Work.step, result: outcome.result,
                warnings: outcome.warnings, durationMs: Int((ContinuousClock.now - start) / .milliseconds(1)))
            return try commit(completed, incoming)
        } catch let failure as Failure where failure.isTheMedias {
            // The media's own fault is an answer, not a failure of this service.
            return try await abandon(incoming, because: failure)
        }
    }

    package func abandon(_ incoming: Incoming<MediaIngested>, because failure: Failure) async throws -> Commit {
        let event = incoming.event
        guard event.plan.contains(Work.step) else { return .nothing }
        await work.clear(after: event)
        var error = failure.mediaError ?? MediaError(.processingFailed, Work.lament)
        error.step = Work.step
        return try commit(
            StepFailed(mediaId: event.mediaId, projectId: event.projectId, step: Work.step, error: error), incoming)
    }

    /// Who waits for room on a disk is not lost: each try says so, and so puts off the media's deadline.
    package func postpone(_ incoming: Incoming<MediaIngested>) throws -> Commit {
        let event = incoming.event
        let news = StepProgress(mediaId: event.mediaId, projectId: event.projectId, step: Work.step, progress: 0)
        return try commit(news, incoming, suffix: ".\(incoming.attempt)")
    }

    private func judgedRun(_ incoming: Incoming<MediaIngested>) async throws -> StepOutcome {
        do { return try await work.run(incoming) } catch let error as StoreError { throw Failure(judging: error) }
    }

    /// The event's id follows from its cause: a second run answers with the same one.
    private func commit(_ answer: some Event, _ incoming: Incoming<MediaIngested>, suffix: String = "") throws -> Commit {
        let id = "\(incoming.envelope.id)-\(Work.step.rawValue)\(suffix)"
        let envelope = Envelope(answer, id: id, source: Work.group.rawValue, trace: incoming.trace)
        return Commit(incoming.event.mediaId, outputs: [try Output(envelope)])
    }
}

extension Failure {
    /// Not so for what is archived: once it is restored, the dead letter can be replayed.
    fileprivate var isTheMedias: Bool { mediaError.map { $0.code != .originalArchived } ?? false }
}
