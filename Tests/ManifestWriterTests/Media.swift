import Catalog
import Events
import FoundationEssentials
import Messaging

/// One media and the events that other services send about it.
struct Media {
    let keys: MediaKeys
    var id: MediaID { keys.mediaId }

    init() { keys = MediaKeys(projectId: Self.project, mediaId: .generate()) }

    private static let project = ProjectID("demo") ?? { preconditionFailure("a valid project") }()

    var ingested: MediaIngested {
        MediaIngested(
            mediaId: id, projectId: keys.projectId, key: keys.original(fileName: "cat.jpg"), size: 5, etag: "e", kind: .image,
            format: .jpeg, fileName: "cat.jpg", plan: [.metadata, .variants])
    }

    var metadata: StepCompleted {
        let result = MetadataResult(
            width: 640, height: 480, orientation: 1, colourSpace: "srgb", hasAlpha: false, bitDepth: 8, frames: 1, exif: nil,
            blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj", thumbhash: "1QcSHQRnh493V4dIh4eXh1h4kJUI", phash: "f0e1d2c3b4a59687",
            dhash: "0000000000000001")
        return completed(.metadata, .metadata(result))
    }

    var variants: StepCompleted { completed(.variants, .variants(VariantsResult(lqip: "data:,", thumbnails: []))) }

    func failed(_ step: Step) -> StepFailed {
        StepFailed(mediaId: id, projectId: keys.projectId, step: step, error: MediaError(.corruptMedia, "Broken.", step: step))
    }

    func progressed(_ progress: Double) -> StepProgress {
        StepProgress(mediaId: id, projectId: keys.projectId, step: .variants, progress: progress)
    }

    func output(_ event: some Event) throws -> (MediaID, Output) {
        (id, try Output(Envelope(event, source: "test", trace: .random())))
    }

    /// Everything that a good image causes.
    func success() throws -> [(MediaID, Output)] {
        [try output(ingested), try output(metadata), try output(variants), try output(progressed(0.5))]
    }

    private func completed(_ step: Step, _ result: StepResult) -> StepCompleted {
        StepCompleted(mediaId: id, projectId: keys.projectId, step: step, result: result, durationMs: 3)
    }
}

/// An event as a handler gets it.
func incoming<Body: Event>(_ event: Body) -> Incoming<Body> {
    Incoming(envelope: Envelope(event, source: "test", trace: .random()), attempt: 1)
}
