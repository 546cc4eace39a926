import Catalog
import Events

extension MediaView {
    init(_ manifest: Manifest, publicURL: String) {
        let status = manifest.statusChanged.linked(publicURL: publicURL)
        self.init(
            mediaId: manifest.mediaId, projectId: manifest.projectId, status: manifest.status, revision: manifest.revision,
            progress: status.progress, kind: manifest.kind, format: manifest.format,
            original: manifest.original.map {
                Original(
                    key: $0.key, fileName: $0.fileName, size: $0.size, etag: $0.etag, contentType: $0.contentType,
                    declaredContentType: $0.declaredContentType, url: "\(publicURL)/files/\($0.key)")
            },
            times: Times(
                createdAt: manifest.times.createdAt, uploadedAt: manifest.times.uploadedAt,
                ingestedAt: manifest.times.ingestedAt, finishedAt: manifest.times.finishedAt),
            metadata: manifest.metadata, variants: manifest.variants?.showing(status.processed),
            transcode: manifest.transcode?.showing(status.processed),
            steps: manifest.steps.map {
                StepView(
                    step: $0.step, state: $0.state.rawValue, answeredAt: $0.answeredAt, durationMs: $0.durationMs, error: $0.error
                )
            },
            warnings: manifest.warnings, error: manifest.error)
    }

    init(_ record: MediaRecord, publicURL: String) {
        let status = record.statusChanged.linked(publicURL: publicURL)
        self.init(
            mediaId: record.mediaId, projectId: record.projectId, status: record.status, revision: record.revision,
            progress: status.progress, kind: record.kind, format: record.format,
            original: record.key.isEmpty
                ? nil
                : Original(
                    key: record.key, fileName: record.fileName, size: record.size, etag: record.etag,
                    contentType: record.format?.contentType ?? record.contentType, declaredContentType: record.contentType,
                    url: "\(publicURL)/files/\(record.key)"),
            times: Times(createdAt: record.createdAt, uploadedAt: record.uploadedAt, ingestedAt: record.ingestedAt),
            metadata: record.metadata, variants: record.variants?.showing(status.processed),
            transcode: record.transcode?.showing(status.processed),
            steps: (record.plan ?? []).map { StepView($0, record.answers[$0]) }, warnings: record.warnings,
            error: status.error)
    }
}

extension MediaView.StepView {
    fileprivate init(_ step: Step, _ answer: StepAnswer?) {
        self.init(
            step: step, state: answer.map { $0.error == nil ? "completed" : "failed" } ?? "waiting",
            answeredAt: answer?.at, durationMs: answer?.durationMs, error: answer?.error)
    }
}

extension TranscodeResult {
    fileprivate func showing(_ processed: Processed) -> TranscodeResult {
        var copy = self
        copy.thumbnails = processed.thumbnails
        copy.hls = processed.hls ?? hls
        copy.dash = processed.dash ?? dash
        copy.poster = processed.poster
        copy.sprites = processed.sprites
        return copy
    }
}

extension VariantsResult {
    fileprivate func showing(_ processed: Processed) -> VariantsResult {
        VariantsResult(lqip: lqip, thumbnails: processed.thumbnails)
    }
}
