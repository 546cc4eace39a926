package import Events
import FoundationEssentials

extension MediaRecord {
    /// Finished share of the plan, from 0 to 1.
    package var progress: Double {
        if status == .ready || outcome.map({ $0.error == nil }) == true { return 1 }
        guard let plan, !plan.isEmpty else { return 0 }
        let done = plan.reduce(0) { $0 + (answers[$1] != nil ? 1 : stepProgress[$1] ?? 0) }
        return (done / Double(plan.count) * 1000).rounded() / 1000
    }

    package var metadata: MetadataResult? {
        guard case .metadata(let result) = answers[.metadata]?.result else { return nil }
        return result
    }

    package var variants: VariantsResult? {
        guard case .variants(let result) = answers[.variants]?.result else { return nil }
        return result
    }

    /// Also while it is not complete.
    package var transcode: TranscodeResult? {
        guard case .transcode(let result) = answers[.transcode]?.result else { return playable }
        return result
    }

    /// What the steps warned of, and the failures that did not fail the media, in the order of the steps.
    package var warnings: [MediaWarning] {
        Step.allCases.flatMap { step -> [MediaWarning] in
            guard let answer = answers[step] else { return [] }
            guard let error = answer.error, error != outcome?.error else { return answer.warnings }
            return answer.warnings + [MediaWarning(error.code.rawValue, error.message, step: step)]
        }
    }

    /// The record as `media.status` tells it. The outcome shows only once it is announced.
    package var statusChanged: MediaStatusChanged {
        MediaStatusChanged(
            mediaId: mediaId, projectId: projectId, status: status, revision: revision, progress: progress, fileName: fileName,
            kind: kind, width: metadata?.width, height: metadata?.height, blurhash: metadata?.blurhash,
            thumbhash: metadata?.thumbhash,
            processed: Processed(variants, transcode),
            warnings: warnings, error: status == .failed ? outcome?.error : nil, changedAt: changedAt)
    }
}
