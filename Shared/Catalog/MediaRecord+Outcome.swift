import Events
import FoundationEssentials
import Messaging

/// The end of a media comes in two commits: first the outcome is decided in the record, then, when the manifest is in the
/// store, it is announced. Whoever finds a decided record may finish it: the manifest is a function of the record alone.
extension MediaRecord {
    /// The media was silent for too long.
    ///
    /// - Returns: nil when its deadline is still ahead or the outcome is known.
    package func timedOut(_ context: TransitionContext) throws -> Transition? {
        guard outcome == nil, deadline <= context.now else { return nil }
        return try ending(silence, context.now).transition(from: self, context, [])
    }

    /// The deadline passed while nobody was there to do the work: it begins anew.
    ///
    /// - Returns: nil when it is still ahead, the outcome is known, or the client is to blame.
    package func spared(_ rules: StepRules, _ context: TransitionContext) throws -> Transition? {
        guard outcome == nil, status != .uploading, deadline <= context.now else { return nil }
        var next = self
        next.deadline = context.now.advanced(by: rules.deadline)
        return try next.transition(from: self, context, [])
    }

    /// Whether it has ended without its upload having been completed: nobody needs what may have arrived of the original.
    package var isAbandoned: Bool { status == .uploading && outcome != nil && answers.isEmpty }

    /// The outcome becomes the status, and a summary takes the record's place. Write `Manifest(record)` to the store before
    /// this is committed.
    ///
    /// - Returns: nil when nothing is decided yet.
    package func announced(_ context: TransitionContext) throws -> Transition? {
        guard let end = finished, let summary = MediaSummary(end) else { return nil }
        let changes: [StateChange] = [
            // Written anew, the small value gets Redis's compact encoding; written over the large one it would not.
            .delete(key: CatalogKeys.media(mediaId)),
            .put(key: CatalogKeys.media(mediaId), value: summary.encoded, expecting: context.version),
            .removeFromIndex(CatalogKeys.deadlines, member: mediaId.compact),
        ]
        let commit = Commit(
            mediaId, changes: changes + moved(from: status, to: end.status), outputs: try context.announce(end))
        return Transition(record: end, commit: commit)
    }

    /// The record as it is when the outcome is announced; nil while nothing is decided.
    var finished: MediaRecord? { outcome.map { entering($0.status, at: $0.decidedAt) } }

    /// Decides as soon as the answers allow it: a refused original or a failed required step at once, success when every
    /// step of the plan has answered.
    func decided(_ rules: StepRules, _ now: Date) -> MediaRecord {
        if let error = decidingError(rules) { return ending(error, now) }
        guard let plan, plan.allSatisfy({ answers[$0] != nil }) else { return self }
        return ending(nil, now)
    }

    private func ending(_ error: MediaError?, _ now: Date) -> MediaRecord {
        var copy = self
        copy.outcome = MediaOutcome(error: error, decidedAt: now)
        copy.deadline = now.advanced(by: Self.announceWithin)
        return copy
    }

    /// How long the decider has to write the manifest before others try too.
    private static let announceWithin: Duration = .seconds(30)

    private func decidingError(_ rules: StepRules) -> MediaError? {
        let required = (plan ?? []).filter { !rules.optional.contains($0) }
        return ([.ingest] + required).lazy.compactMap { answers[$0]?.error }.first
    }

    /// What to say of a media whose deadline has passed.
    private var silence: MediaError {
        guard status != .uploading else { return MediaError(.originalMissing, "The upload was never completed.") }
        let missing = (plan ?? [.ingest]).filter { answers[$0] == nil }
        let names = missing.map(\.rawValue).joined(separator: ", ")
        return MediaError(.stepTimedOut, "No answer in time from: \(names).", step: missing.first)
    }
}
