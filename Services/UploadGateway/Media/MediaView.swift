import Catalog
import Events
import FoundationEssentials

/// A media as `GET /api/v2/media/{mediaId}` shows it: its manifest with URLs, or what is known so far in the same shape.
struct MediaView: Encodable, Sendable {
    struct Original: Encodable, Sendable {
        let key: String
        let fileName: String
        /// Bytes.
        let size: Int64
        var etag: String?
        let contentType: String
        let declaredContentType: String
        /// Needs an API key.
        let url: String
        /// Nil while it is at hand.
        var storage: String?
        /// Until when a restored one can be read.
        var restoredUntil: Date?
    }

    struct Times: Encodable, Sendable {
        let createdAt: Date
        var uploadedAt: Date?
        var ingestedAt: Date?
        var finishedAt: Date?
    }

    struct StepView: Encodable, Sendable {
        let step: Step
        /// `completed`, `failed`, `unanswered` or, while the media is in flight, `waiting`.
        let state: String
        var answeredAt: Date?
        var durationMs: Int?
        var error: MediaError?
    }

    let schemaVersion = Manifest.schemaVersion
    let mediaId: MediaID
    let projectId: ProjectID
    let status: MediaStatus
    let revision: Int
    let progress: Double
    var kind: MediaKind?
    var format: MediaFormat?
    var original: Original?
    let times: Times
    var metadata: MetadataResult?
    var variants: VariantsResult?
    var transcode: TranscodeResult?
    let steps: [StepView]
    let warnings: [MediaWarning]
    var error: MediaError?
}
