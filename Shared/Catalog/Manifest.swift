package import Events
package import FoundationEssentials

/// The JSON that describes a finished media: `manifest.json` beside its original. It holds keys, never URLs, and is the truth
/// that the catalog can be rebuilt from.
package struct Manifest: Codable, Hashable, Sendable {
    package static let schemaVersion = 1

    package let schemaVersion: Int
    package let mediaId: MediaID
    package let projectId: ProjectID
    package let status: MediaStatus
    package let revision: Int
    /// Finished share of the plan, from 0 to 1.
    package let progress: Double
    package let kind: MediaKind?
    package let format: MediaFormat?
    /// Absent when the media's own record was lost and it was never ingested.
    package let original: Original?
    package let times: Times
    package let metadata: MetadataResult?
    package let variants: VariantsResult?
    package let transcode: TranscodeResult?
    /// What the steps did, in the order of the plan.
    package let steps: [StepReport]
    package let warnings: [MediaWarning]
    package let error: MediaError?

    package struct Original: Codable, Hashable, Sendable {
        package let key: String
        /// As the uploader named it.
        package let fileName: String
        /// Bytes.
        package let size: Int64
        /// The object store's entity tag; absent when the original was never found good.
        package let etag: String?
        /// By its bytes where they were recognised, else as the uploader declared it.
        package let contentType: String
        package let declaredContentType: String
    }

    package struct Times: Codable, Hashable, Sendable {
        package let createdAt: Date
        package let uploadedAt: Date?
        package let ingestedAt: Date?
        package let finishedAt: Date
    }

    package struct StepReport: Codable, Hashable, Sendable {
        package enum State: String, Codable, Sendable { case completed, failed, unanswered }

        package let step: Step
        package let state: State
        package let answeredAt: Date?
        /// Milliseconds of work, without the time in the queue.
        package let durationMs: Int?
        package let error: MediaError?
    }
}
