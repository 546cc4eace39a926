package import Events
import FoundationEssentials
import Messaging
package import ObjectStore

/// How a media gets another chance.
extension MediaRecord {
    /// The record of a media that has failed, as its manifest tells it, when `step` completes after all: its event was replayed from
    /// the dead letters, or its answer only came late. That answer is to be put into it next.
    ///
    /// - Returns: nil unless it failed for want of this very step: what other steps answer afterwards does not save it.
    package init?(failed manifest: Manifest, rescuedBy step: Step, _ context: TransitionContext) {
        guard manifest.status == .failed, manifest.error?.step == step else { return nil }
        self.init(
            mediaId: manifest.mediaId, projectId: manifest.projectId, key: manifest.original?.key ?? "",
            fileName: manifest.original?.fileName ?? "", contentType: manifest.original?.declaredContentType ?? "",
            size: manifest.original?.size ?? 0, status: .failed, revision: manifest.revision,
            changedAt: manifest.times.finishedAt, createdAt: manifest.times.createdAt, uploadedAt: manifest.times.uploadedAt,
            ingestedAt: manifest.times.ingestedAt, deadline: context.now, trace: context.trace,
            etag: manifest.original?.etag, kind: manifest.kind, format: manifest.format)
        if ingestedAt != nil { plan = manifest.steps.map(\.step).filter { $0 != .ingest } }
        for report in manifest.steps where report.step != step { answers[report.step] = StepAnswer(report, of: manifest) }
    }

    /// The media's deadline has passed: what it waits for is published again, once, in case it was lost, and the deadline begins
    /// anew.
    ///
    /// - Returns: nil when that was done before, when the deadline is still ahead or the outcome known, and while the original
    ///   is not there or not known.
    package func driven(_ rules: StepRules, _ context: TransitionContext) throws -> Transition? {
        guard outcome == nil, status != .uploading, !key.isEmpty, drivenAt == nil, deadline <= context.now else { return nil }
        var next = self
        next.drivenAt = context.now
        next.deadline = context.now.advanced(by: rules.deadline)
        return try next.driving(from: self, context, [])
    }

    /// An original of which nothing else is known: as if it had just been uploaded, `media.uploaded` goes out with its record. The
    /// revision is what it would have been, so that ids of events already sent are not used again for other news.
    ///
    /// - Parameter context: its version is 0.
    package static func restored(
        _ keys: MediaKeys, _ original: ObjectInfo, stepDeadline: Duration, _ context: TransitionContext
    ) throws -> Transition {
        let record = MediaRecord(
            mediaId: keys.mediaId, projectId: keys.projectId, key: original.key,
            fileName: original.key.split(separator: "/").last.map(String.init) ?? "", contentType: original.contentType,
            size: original.size, status: .uploaded, revision: 2, changedAt: context.now, createdAt: keys.mediaId.createdAt,
            uploadedAt: original.modifiedAt.wholeMilliseconds, deadline: context.now.advanced(by: stepDeadline),
            trace: context.trace)
        return try record.driving(from: nil, context, context.announce(record))
    }

    /// A transition that also publishes what the media waits for. ingest-listener must not take that for a duplicate.
    private func driving(from old: MediaRecord?, _ context: TransitionContext, _ outputs: [Output]) throws -> Transition {
        let forgotten: [StateChange] = plan == nil ? [.delete(key: CatalogKeys.ingested(mediaId))] : []
        let changes = try stored(replacing: old, context) + forgotten
        return Transition(
            record: self, commit: Commit(mediaId, changes: changes, outputs: outputs + (try drive(context))))
    }

    /// What the services which have not answered wait for.
    func drive(_ context: TransitionContext) throws -> [Output] {
        let idSuffix = "again.\(Int64(context.now.milliseconds))"
        guard let plan, let kind, let format, let etag else {
            let event = MediaUploaded(
                mediaId: mediaId, projectId: projectId, key: key, size: size, contentType: contentType, fileName: fileName)
            return [try Output(context.envelope(event, "uploaded.\(idSuffix)"))]
        }
        let event = MediaIngested(
            mediaId: mediaId, projectId: projectId, key: key, size: size, etag: etag, kind: kind, format: format,
            fileName: fileName, plan: plan.filter { answers[$0] == nil })
        return try context.envelope(event, "ingested.\(idSuffix)").outputs
    }
}

extension StepAnswer {
    /// Nil for a step that had not answered.
    fileprivate init?(_ report: Manifest.StepReport, of manifest: Manifest) {
        guard let at = report.answeredAt, report.state != .unanswered else { return nil }
        let result: StepResult? =
            switch report.step {
            case .metadata: manifest.metadata.map(StepResult.metadata)
            case .variants: manifest.variants.map(StepResult.variants)
            case .transcode: manifest.transcode.map(StepResult.transcode)
            case .ingest: nil
            }
        let warnings = manifest.warnings.filter { $0.step == report.step && report.error == nil }
        self.init(at: at, result: result, warnings: warnings, durationMs: report.durationMs, error: report.error)
    }
}
