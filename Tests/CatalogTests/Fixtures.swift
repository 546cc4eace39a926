import Events
import FoundationEssentials
import Messaging

@testable import Catalog

/// One media and everything that may be heard of it.
struct Story {
    let keys: MediaKeys
    var plan: [Step] = [.metadata, .variants]

    init(project: String = "demo") throws {
        keys = MediaKeys(projectId: try ProjectID(project).unwrapped(), mediaId: .generate(at: Self.start))
    }

    static let start = Date(timeIntervalSince1970: 1_790_000_000)

    var key: String { keys.original(fileName: "cat.jpg") }

    func context(_ version: Int, after seconds: Double = 0) -> TransitionContext {
        TransitionContext(
            version: version, now: Self.start.addingTimeInterval(seconds), source: "test", trace: .random())
    }

    func create(deadlineAfter seconds: Double = 900) throws -> Transition {
        try MediaRecord.create(
            keys, fileName: "cat.jpg", contentType: "image/png", size: 5,
            deadline: Self.start.addingTimeInterval(seconds), context(0))
    }

    var ingested: MediaIngested {
        MediaIngested(
            mediaId: keys.mediaId, projectId: keys.projectId, key: key, size: 5, etag: "e", kind: .image, format: .jpeg,
            fileName: "cat.jpg", plan: plan)
    }

    func completed(_ step: Step, warnings: [MediaWarning] = []) -> StepCompleted {
        let result: StepResult = step == .metadata ? .metadata(Self.metadata) : .variants(variants)
        return StepCompleted(
            mediaId: keys.mediaId, projectId: keys.projectId, step: step, result: result, warnings: warnings, durationMs: 12)
    }

    func failed(_ step: Step, _ code: MediaError.Code = .corruptMedia) -> StepFailed {
        StepFailed(
            mediaId: keys.mediaId, projectId: keys.projectId, step: step,
            error: MediaError(code, "It is broken.", step: step))
    }

    func progressed(_ step: Step, _ progress: Double) -> StepProgress {
        StepProgress(mediaId: keys.mediaId, projectId: keys.projectId, step: step, progress: progress)
    }

    static let metadata = MetadataResult(
        width: 640, height: 480, orientation: 1, colourSpace: "srgb", hasAlpha: false, bitDepth: 8, frames: 1, exif: nil,
        blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj", thumbhash: "1QcSHQRnh493V4dIh4eXh1h4kJUI", phash: "f0e1d2c3b4a59687",
        dhash: "0000000000000001")

    var variants: VariantsResult {
        VariantsResult(
            lqip: "data:image/webp;base64,AA==",
            thumbnails: [Variant(key: keys.derived("x/320.webp"), width: 320, height: 240, format: "webp", bytes: 1000)])
    }
}

extension Optional {
    struct Missing: Error {}

    func unwrapped() throws -> Wrapped {
        guard let self else { throw Missing() }
        return self
    }
}
