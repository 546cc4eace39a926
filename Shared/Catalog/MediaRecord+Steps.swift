package import Events
import FoundationEssentials
import Messaging

/// How strictly the steps are judged.
package struct StepRules: Sendable, Hashable {
    /// How long a media may go without news before it fails.
    package var deadline: Duration = .seconds(3600)
    /// Steps whose failure is only a warning.
    package var optional: Set<Step> = []

    package init() {}
}

/// Events of a media may come in any order and more than once; each of these answers nil when an event changes nothing.
/// The first answer of a step counts; once the outcome is decided nothing does. (A record whose status is `failed` is one that
/// is being rescued.)
extension MediaRecord {
    /// A record for a media that only an event knows: its own was lost, or it never came through upload-gateway.
    /// Its revision is what it would have been, so that ids of events already sent are not used again for other news.
    package static func recovered(_ keys: MediaKeys, _ rules: StepRules, _ context: TransitionContext) -> MediaRecord {
        MediaRecord(
            mediaId: keys.mediaId, projectId: keys.projectId, key: "", fileName: "", contentType: "", size: 0,
            status: .uploaded, revision: 2, changedAt: context.now, createdAt: keys.mediaId.createdAt,
            deadline: context.now.advanced(by: rules.deadline), trace: context.trace)
    }

    /// The original was recognised: status `processing`; decided at once when all answers are here already.
    package func ingested(_ event: MediaIngested, _ rules: StepRules, _ context: TransitionContext) throws -> Transition? {
        guard plan == nil, outcome == nil else { return nil }
        var next = entering(.processing, at: context.now)
        next.key = event.key
        next.fileName = event.fileName
        if contentType.isEmpty { next.contentType = event.format.contentType }
        next.size = event.size
        next.etag = event.etag
        next.kind = event.kind
        next.format = event.format
        next.plan = event.plan
        next.upload = nil
        next.ingestedAt = context.now
        // The gateway's deadline ends here; from now on the rules say how long silence may last.
        next.deadline = context.now.advanced(by: rules.deadline)
        next = next.decided(rules, context.now)
        return try next.heard(from: self, context, context.announce(next))
    }

    /// A step is done.
    package func completed(_ event: StepCompleted, _ rules: StepRules, _ context: TransitionContext) throws -> Transition? {
        let answer = StepAnswer(
            at: context.now, result: event.result, warnings: event.warnings, durationMs: max(0, event.durationMs))
        return try answered(event.step, answer, .completed, rules, context)
    }

    /// A step has given up, or ingest-listener has refused the original.
    package func failed(_ event: StepFailed, _ rules: StepRules, _ context: TransitionContext) throws -> Transition? {
        guard event.step != .ingest || plan == nil else { return nil }
        return try answered(event.step, StepAnswer(at: context.now, error: event.error), .failed, rules, context)
    }

    /// A step tells how far it is, and thereby that it lives. A step that began anew lives as well, though it is not as far as it
    /// was: what is shown never falls. It is not enough to make a record of: one without a plan would be waited for in vain.
    package func progressed(_ event: StepProgress, _ rules: StepRules, _ context: TransitionContext) throws -> Transition? {
        guard context.version > 0, outcome == nil, answers[event.step] == nil, event.progress.isFinite else { return nil }
        var next = self
        let (shown, told) = (stepProgress[event.step] ?? 0, min(event.progress, 1))
        next.stepProgress[event.step] = max(shown, told)
        if case .transcode(let result) = event.result, result.offers(playable) { next.playable = result }
        next.postpone(rules, context.now)
        guard next != self else { return nil }
        let suffix = "\(event.step.rawValue).\(event.progress)"
        let news = told > shown ? [try context.progress(of: event.step, .running, next, idSuffix: suffix)] : []
        return try next.heard(from: self, context, news)
    }

    private func answered(
        _ step: Step, _ answer: StepAnswer, _ state: MediaProgress.State, _ rules: StepRules, _ context: TransitionContext
    ) throws -> Transition? {
        guard outcome == nil, answers[step] == nil else { return nil }
        var next = status == .failed ? entering(.processing, at: context.now) : self
        next.answers[step] = answer
        next.stepProgress[step] = nil
        if step == .transcode { next.playable = nil }
        next.postpone(rules, context.now)
        next = next.decided(rules, context.now)
        let news = try context.progress(of: step, state, next, idSuffix: "\(step.rawValue).\(state.rawValue)")
        return try next.heard(from: self, context, try rescue(as: next, context) + [news])
    }

    /// What a media that had failed must tell when it is in processing again as `next`. What its other steps have answered since it
    /// failed was not kept: they do their work again.
    private func rescue(as next: MediaRecord, _ context: TransitionContext) throws -> [Output] {
        guard status == .failed else { return [] }
        return try context.announce(next) + (next.outcome == nil ? next.drive(context) : [])
    }

    private mutating func postpone(_ rules: StepRules, _ now: Date) { deadline = max(deadline, now.advanced(by: rules.deadline)) }

    /// A record that was not stored before has no old place in the indexes.
    private func heard(from old: MediaRecord, _ context: TransitionContext, _ outputs: [Output]) throws -> Transition {
        try transition(from: context.version == 0 ? nil : old, context, outputs)
    }
}

extension TranscodeResult {
    /// Whether it is no step back from what could be played before.
    fileprivate func offers(_ earlier: TranscodeResult?) -> Bool { renditions.count >= earlier?.renditions.count ?? 0 }
}

extension TransitionContext {
    func progress(of step: Step, _ state: MediaProgress.State, _ record: MediaRecord, idSuffix: String) throws -> Output {
        let event = MediaProgress(
            mediaId: record.mediaId, projectId: record.projectId, step: step, state: state, progress: record.progress,
            durationMs: record.answers[step]?.durationMs)
        return try Output(envelope(event, idSuffix))
    }
}
