package import Events
package import FoundationEssentials

extension Manifest {
    /// The manifest of a record whose outcome is decided, nil of any other. It depends on nothing else, so that every writer
    /// writes the same bytes.
    package init?(_ decided: MediaRecord) {
        guard let record = decided.finished, let outcome = record.outcome else { return nil }
        schemaVersion = Self.schemaVersion
        mediaId = record.mediaId
        projectId = record.projectId
        status = record.status
        revision = record.revision
        progress = record.progress
        kind = record.kind
        format = record.format
        original = Original(record)
        times = Times(
            createdAt: record.createdAt, uploadedAt: record.uploadedAt, ingestedAt: record.ingestedAt,
            finishedAt: outcome.decidedAt)
        metadata = record.metadata
        variants = record.variants
        transcode = record.transcode
        steps = StepReport.all(record)
        warnings = record.warnings
        error = outcome.error
    }

    /// The JSON as it is stored.
    package func encoded() throws -> Data { try EventCoding.encode(self) }

    /// The answer of `GET …/status`, as it was announced.
    package var statusChanged: MediaStatusChanged {
        MediaStatusChanged(
            mediaId: mediaId, projectId: projectId, status: status, revision: revision, progress: progress,
            fileName: original?.fileName ?? "", kind: kind, width: metadata?.width, height: metadata?.height,
            blurhash: metadata?.blurhash, thumbhash: metadata?.thumbhash,
            processed: Processed(variants, transcode), warnings: warnings, error: error, changedAt: times.finishedAt)
    }
}

extension Manifest.Original {
    fileprivate init?(_ record: MediaRecord) {
        guard !record.key.isEmpty else { return nil }
        key = record.key
        fileName = record.fileName
        size = record.size
        etag = record.etag
        contentType = record.format?.contentType ?? record.contentType
        declaredContentType = record.contentType
    }
}

extension Manifest.StepReport {
    fileprivate static func all(_ record: MediaRecord) -> [Self] {
        let plan = record.plan ?? []
        let others = Step.allCases.filter { !plan.contains($0) && record.answers[$0] != nil }
        return (plan + others).map { step in
            let answer = record.answers[step]
            let state: State = answer.map { $0.error == nil ? .completed : .failed } ?? .unanswered
            return Self(
                step: step, state: state, answeredAt: answer?.at, durationMs: answer?.durationMs, error: answer?.error)
        }
    }
}
