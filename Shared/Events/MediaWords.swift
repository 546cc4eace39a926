/// What a media is, decided from its bytes.
package enum MediaKind: String, Codable, Sendable, CaseIterable { case image, video, audio }

/// Where a media stands. `uploading` and `uploaded` are set by upload-gateway, the rest by manifest-writer alone.
package enum MediaStatus: String, Codable, Sendable, CaseIterable {
    case uploading, uploaded, processing, ready, failed

    package var isTerminal: Bool { self == .ready || self == .failed }
}

/// One service's work on one media.
package enum Step: String, Codable, Sendable, CaseIterable, CodingKeyRepresentable {
    /// ingest-listener's own check of the original: it fails or is not seen at all.
    case ingest
    case metadata, variants, transcode
}

/// The container formats that ingest-listener recognises by their bytes.
package enum MediaFormat: String, Codable, Sendable, CaseIterable {
    case jpeg, png, webp, gif, avif, heic
    /// `ogv` is Ogg with a film in it.
    case mp4, mov, mkv, webm, mpegts, avi, ogv
    case mp3, m4a, ogg, flac, wav

    package var contentType: String {
        switch self {
        case .mov: "video/quicktime"
        case .mkv: "video/x-matroska"
        case .mpegts: "video/mp2t"
        case .avi: "video/x-msvideo"
        case .ogv: "video/ogg"
        case .mp3: "audio/mpeg"
        case .m4a: "audio/mp4"
        default: "\(kind.rawValue)/\(rawValue)"
        }
    }

    package var kind: MediaKind {
        switch self {
        case .jpeg, .png, .webp, .gif, .avif, .heic: .image
        case .mp4, .mov, .mkv, .webm, .mpegts, .avi, .ogv: .video
        case .mp3, .m4a, .ogg, .flac, .wav: .audio
        }
    }
}

/// Why a media failed, as its status shows it.
package struct MediaError: Codable, Hashable, Sendable {
    package enum Code: String, Codable, Sendable, CaseIterable {
        case unsupportedMediaType, emptyFile, sizeMismatch, originalMissing, corruptMedia, tooManyPixels, limitExceeded,
            originalChanged, originalArchived, stepTimedOut, processingFailed
    }

    package let code: Code
    /// One sentence for people; it never holds secrets or paths of the host.
    package let message: String
    /// The step that failed, where one did.
    package var step: Step?

    package init(_ code: Code, _ message: String, step: Step? = nil) {
        self.code = code
        self.message = message
        self.step = step
    }
}

/// Something that went wrong without failing the media.
package struct MediaWarning: Codable, Hashable, Sendable {
    /// For example `brokenExif`.
    package let code: String
    package let message: String
    package let step: Step

    package init(_ code: String, _ message: String, step: Step) {
        self.code = code
        self.message = message
        self.step = step
    }
}
