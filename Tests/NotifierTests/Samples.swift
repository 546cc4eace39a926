import Events
import FoundationEssentials
import Messaging

@testable import Notifier

/// Events as manifest-writer publishes them.
enum Sample {
    static let project = Sample.projectID("demo")
    static let trace = TraceParent.random()

    static func projectID(_ text: String) -> ProjectID { ProjectID(text) ?? project }

    static func status(
        _ media: MediaID = .generate(), in project: ProjectID = project, _ status: MediaStatus = .ready, revision: Int = 4
    ) -> MediaStatusChanged {
        let key = MediaKeys(projectId: project, mediaId: media).derived("thumb-320.webp")
        return MediaStatusChanged(
            mediaId: media, projectId: project, status: status, revision: revision, progress: 1, fileName: "a.jpg", kind: .image,
            width: 4000, height: 3000, blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
            processed: Processed(
                lqip: "data:image/webp;base64,AAAA",
                thumbnails: [Variant(key: key, width: 320, height: 240, format: "webp", bytes: 9000)]),
            warnings: [], changedAt: Date(timeIntervalSince1970: 1_700_000_000.25))
    }

    static func progress(_ media: MediaID, in project: ProjectID = project, _ progress: Double = 0.5) -> MediaProgress {
        MediaProgress(mediaId: media, projectId: project, step: .metadata, state: .completed, progress: progress, durationMs: 12)
    }

    /// The commit that announces an event, on its own stream unless told otherwise.
    static func commit<Body: Event>(_ event: Body, id: String? = nil, on stream: Events.Stream = Body.stream) throws -> Commit {
        Commit(event.mediaId, outputs: [try output(event, id: id, on: stream)])
    }

    static func output<Body: Event>(_ event: Body, id: String? = nil, on stream: Events.Stream = Body.stream) throws -> Output {
        try Output(Envelope(event, id: id, source: "manifest-writer", trace: trace), on: stream)
    }
}
