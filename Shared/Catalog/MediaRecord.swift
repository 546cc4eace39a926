package import Events
package import FoundationEssentials

/// Everything that is known of a media in flight. It lives in the bus's keyed state until the media is finished, and changes
/// only by the transitions beside it, each of which is one atomic commit.
package struct MediaRecord: Codable, Hashable, Sendable {
    package let mediaId: MediaID
    package let projectId: ProjectID
    /// The original's key. Empty only while nothing but a step's answer is known of the media (its record was lost).
    package internal(set) var key: String
    package internal(set) var fileName: String
    /// As the uploader declared it.
    package internal(set) var contentType: String
    /// Bytes: as declared, and as the object store has them once ingested.
    package internal(set) var size: Int64
    /// The multipart upload, where there is one.
    package internal(set) var upload: UploadSession?

    package internal(set) var status: MediaStatus
    /// Rises by one with every change of status.
    package internal(set) var revision: Int
    package internal(set) var changedAt: Date
    /// The time in the id.
    package let createdAt: Date
    package internal(set) var uploadedAt: Date?
    package internal(set) var ingestedAt: Date?
    /// When the media fails unless something new is heard of it; once the outcome is decided, when it is announced by
    /// somebody else if its decider has not.
    package internal(set) var deadline: Date

    /// The span that the media began with: what is done about it by nobody's order belongs to the same trace. Nil in records of
    /// before there was this.
    package internal(set) var trace: TraceParent?

    /// When what it waits for was published again, because nothing had been heard until the deadline.
    package internal(set) var drivenAt: Date?

    package internal(set) var etag: String?
    package internal(set) var kind: MediaKind?
    package internal(set) var format: MediaFormat?
    /// Known from `media.ingested` on. Answers of steps may come before it, because they travel on another stream.
    package internal(set) var plan: [Step]?
    package internal(set) var answers: [Step: StepAnswer] = [:]
    /// How far the steps are that told so, from 0 to 1.
    package internal(set) var stepProgress: [Step: Double] = [:]
    /// What can be used already of a transcoding that is not done.
    package internal(set) var playable: TranscodeResult?
    /// What the media will end as. Decided before the manifest is written, so that whoever writes it writes the same bytes.
    package internal(set) var outcome: MediaOutcome?
}

/// A multipart upload in progress.
package struct UploadSession: Codable, Hashable, Sendable {
    package let uploadId: String
    /// Bytes of every part but the last.
    package let partSize: Int64

    package init(uploadId: String, partSize: Int64) {
        self.uploadId = uploadId
        self.partSize = partSize
    }
}

/// The first answer of a step; later ones are ignored.
package struct StepAnswer: Codable, Hashable, Sendable {
    package let at: Date
    package var result: StepResult?
    package var warnings: [MediaWarning] = []
    /// Milliseconds of work, without the time in the queue.
    package var durationMs: Int?
    /// Why the step gave up; nil when it succeeded.
    package var error: MediaError?
}

/// How a media ends.
package struct MediaOutcome: Codable, Hashable, Sendable {
    package let error: MediaError?
    package let decidedAt: Date

    package var status: MediaStatus { error == nil ? .ready : .failed }
}
